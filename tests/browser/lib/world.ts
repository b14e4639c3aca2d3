/** Households at every stage, brought there through the API once for all specs of a run that only look at pages. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { python } from './installation'

export interface World {
  phones: Record<'settled' | 'signing' | 'called' | 'large' | 'asked' | 'drafting' | 'photos', string>
  cases: Record<'settled' | 'signing' | 'called' | 'large' | 'asked' | 'first', number>
  contracts: Record<'settled' | 'signing', number>
  batch: number
  unit: number
  appointment: number
  verification: number
  code: string
  door: string
  draft: number
  desk: Record<'template' | 'post' | 'role' | 'app' | 'application' | 'account' | 'task', number> & {
    newcomer: { account: string; password: string }
    sign_on: string
  }
}

const ROOT = resolve(import.meta.dirname, '../../..')
const KEPT = resolve(process.env.ANJU_VAR ?? resolve(ROOT, 'var'), 'browser/world.json')
let found: World | undefined

/** The world of this installation; made when the first spec asks, kept beside the installation's files. */
export function world(): World {
  if (!found) {
    if (!existsSync(KEPT)) {
      mkdirSync(dirname(KEPT), { recursive: true })
      writeFileSync(KEPT, python('-m', 'tests.browser.world'))
    }
    found = JSON.parse(readFileSync(KEPT, 'utf8')) as World
  }
  return found
}
