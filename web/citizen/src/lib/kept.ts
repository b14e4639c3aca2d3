/** Projects that somebody marked, looked at or wants to compare; for a visitor on this device, for a resident on the server. */
import { computed, reactive } from 'vue'
import { http } from '../api/http'
import { session } from '../session'
import { store } from './store'

export type Shelf = 'favourite' | 'seen' | 'compare'
export const MOST: Record<Shelf, number> = { favourite: 100, seen: 30, compare: 4 }
const KEY = 'anju.projects'

/** A code put in front of a shelf, the oldest dropped. */
export function placed(codes: string[], code: string, most: number): string[] {
  return [code, ...codes.filter((one) => one !== code)].slice(0, most)
}

const device = () => store.read<Partial<Record<Shelf, string[]>>>(KEY) ?? {}
const shelves = reactive<Record<Shelf, string[]>>({ favourite: [], seen: [], compare: [], ...device() })
let owner: number | null = null

/** Reads what a signed-in resident keeps on the server, and brings there what this device kept before. */
async function load(): Promise<void> {
  const me = session.state.me
  if (!me || owner === me.id) return
  owner = me.id
  try {
    const local = device()
    const found = await http.put<Record<Shelf, string[]>>('/citizen/projects', {
      favourite: local.favourite ?? [],
      seen: local.seen ?? [],
      compare: local.compare ?? [],
      merge: true,
    })
    Object.assign(shelves, found)
    store.forget(KEY)
  } catch {
    owner = null
  }
}

function keep(): void {
  if (owner === null) store.write(KEY, { ...shelves })
  else void http.put('/citizen/projects', { ...shelves, merge: false }).catch(() => undefined)
}

export function useKept() {
  void load()
  const has = (shelf: Shelf, code: string) => shelves[shelf].includes(code)
  function put(shelf: Shelf, code: string): void {
    shelves[shelf] = placed(shelves[shelf], code, MOST[shelf])
    keep()
  }
  function drop(shelf: Shelf, code: string): void {
    shelves[shelf] = shelves[shelf].filter((one) => one !== code)
    keep()
  }
  const toggle = (shelf: Shelf, code: string) => (has(shelf, code) ? drop(shelf, code) : put(shelf, code))
  const comparing = computed(() => shelves.compare.length)
  /** What a project's button for comparing says; full, it takes no other, and says so instead of dropping one unasked. */
  const compare = (code: string) => {
    if (has('compare', code)) return { words: '已加入对比', full: false }
    return comparing.value < MOST.compare
      ? { words: '加入对比', full: false }
      : { words: `最多对比 ${MOST.compare} 个`, full: true }
  }
  return { shelves, has, put, drop, toggle, comparing, compare }
}
