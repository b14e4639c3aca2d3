/** Projects and homes that somebody marked, looked at or wants to compare; for a visitor on this device, for a resident on the server. */
import { computed, reactive, watch, type ComputedRef } from 'vue'
import { http } from '../api/http'
import { known, session } from '../session'
import { store } from './store'

export type Shelf = 'favourite' | 'seen' | 'compare'
export type Shelves<K> = Record<Shelf, K[]>
export const MOST: Record<Shelf, number> = { favourite: 100, seen: 30, compare: 4 }

export interface Kept<K> {
  shelves: Shelves<K>
  /** The shelves once it is known whose they are. */
  settled: () => Promise<Shelves<K>>
  has: (shelf: Shelf, one: K) => boolean
  put: (shelf: Shelf, one: K) => void
  drop: (shelf: Shelf, one: K) => void
  toggle: (shelf: Shelf, one: K) => void
  comparing: ComputedRef<number>
  /** How its things are counted: 个, 套. */
  measure: string
  compare: (one: K) => { words: string; full: boolean }
}

/** One put in front of a shelf, the oldest dropped. */
export function placed<K>(held: K[], one: K, most: number): K[] {
  return [one, ...held.filter((other) => other !== one)].slice(0, most)
}

/** A set of shelves: where this device and where the server keep it, and how its things are counted. */
export function makeKept<K extends string | number>(key: string, path: string, measure: string) {
  const device = () => store.read<Partial<Shelves<K>>>(key) ?? {}
  const visitors = (): Shelves<K> => ({ favourite: [], seen: [], compare: [], ...device() })
  const shelves = reactive(visitors()) as Shelves<K>
  /** Whose these are; null: this device's. */
  let owner: number | null = null
  /** What was done since the server was asked for them: its answer is not to undo it. */
  let since: (() => void)[] | null = null
  /** Everything is sent after what was sent before. */
  let line: Promise<unknown> = Promise.resolve()

  /** Reads what a resident keeps on the server, and brings there what this device kept before. */
  function bring(id: number): void {
    owner = id
    const done: (() => void)[] = (since = [])
    line = line.then(async () => {
      const stale = () => owner !== id || since !== done
      try {
        if (stale()) return
        const found = await http.put<Shelves<K>>(path, { ...visitors(), merge: true })
        if (stale()) return
        store.forget(key)
        Object.assign(shelves, found)
        since = null
        done.forEach((act) => act())
        if (done.length) keep()
      } catch {
        if (stale()) return
        owner = since = null
        keep()
      }
    })
  }

  function keep(): void {
    const mine = owner
    if (mine === null) store.write(key, { ...shelves })
    else if (!since)
      line = line
        .then(() => (owner === mine && !since ? http.put(path, { ...shelves, merge: false }) : undefined))
        .catch(() => undefined)
  }

  /** Who signed in gets his own; who signed out leaves nothing behind. */
  function follow(id: number | null): void {
    if (id === owner) return
    if (owner !== null) {
      owner = since = null
      Object.assign(shelves, visitors())
    }
    if (id !== null) bring(id)
  }
  watch(() => session.state.me?.id ?? null, follow, { immediate: true, flush: 'sync' })

  function change(shelf: Shelf, next: (held: K[]) => K[]): void {
    const act = () => {
      shelves[shelf] = next(shelves[shelf])
    }
    act()
    since?.push(act)
    keep()
  }
  const has = (shelf: Shelf, one: K) => shelves[shelf].includes(one)
  const put = (shelf: Shelf, one: K) => change(shelf, (held) => placed(held, one, MOST[shelf]))
  const drop = (shelf: Shelf, one: K) => change(shelf, (held) => held.filter((other) => other !== one))
  const comparing = computed(() => shelves.compare.length)
  const kept: Kept<K> = {
    shelves,
    settled: async () => {
      await known()
      await line
      return shelves
    },
    has,
    put,
    drop,
    toggle: (shelf, one) => (has(shelf, one) ? drop(shelf, one) : put(shelf, one)),
    comparing,
    measure,
    /** What the button for comparing says; full, it takes no other, and says so instead of dropping one unasked. */
    compare: (one) => {
      if (has('compare', one)) return { words: '已加入对比', full: false }
      return comparing.value < MOST.compare
        ? { words: '加入对比', full: false }
        : { words: `最多对比 ${MOST.compare} ${measure}`, full: true }
    },
  }
  /** The shelves; a server that could not be asked before is asked again. */
  return (): Kept<K> => {
    follow(session.state.me?.id ?? null)
    return kept
  }
}

export const useKept = makeKept<string>('anju.projects', '/citizen/projects', '个')
export const useKeptUnits = makeKept<number>('anju.units', '/citizen/units', '套')
