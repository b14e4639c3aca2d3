/** Marks the service worker with the build it belongs to, so that browsers see a new one and old stores are cleared. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

const MARK = 'anju-shell-BUILD'

/** The worker's text for a build of these files; another list of (hashed) names gives another mark. */
export function stamped(worker: string, files: string[]): string {
  if (!worker.includes(MARK)) throw new Error(`the service worker has no ${MARK}`)
  const build = createHash('sha256')
    .update([...files].sort().join('\n'))
    .digest('hex')
    .slice(0, 12)
  return worker.replace(MARK, `anju-shell-${build}`)
}

export function stampWorker(): Plugin {
  return {
    name: 'anju-stamp-worker',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      const file = resolve(dir ?? 'dist', 'sw.js')
      writeFileSync(file, stamped(readFileSync(file, 'utf8'), Object.keys(bundle)))
    },
  }
}
