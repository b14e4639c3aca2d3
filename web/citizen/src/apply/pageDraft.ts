/**
 * One page of the draft while it is being filled in: first kept on the device, then on the server. Where the server has
 * a newer version (another device), that one wins for the page and ours is offered; nothing is lost.
 */
import { computed, reactive, type ComputedRef } from 'vue'
import { asApiError, type ApiError } from '../api/http'
import type { FilledPage, PageFault, ServerPage, Values } from '../api/types'

/** What this device holds and the server does not have yet. */
export interface Held {
  data: Values
  /** The server's version that it was written over. */
  base: number
  at: string
}

export interface Saved {
  version: number
  saved_at: string
  errors: PageFault[]
}

export interface Means {
  put: (page: FilledPage, version: number, data: Values) => Promise<Saved>
  keep: (page: FilledPage, held: Held) => void
  forget: (page: FilledPage) => void
  now: () => string
}

export type SaveState = 'fresh' | 'changed' | 'saving' | 'saved' | 'offline' | 'failed'

export interface PageDraft {
  page: FilledPage
  state: {
    data: Values
    version: number
    save: SaveState
    savedAt: string | null
    /** The version that did not win, to be taken instead if the person wants. */
    other: { data: Values; at: string; where: 'here' | 'elsewhere' } | null
    trouble: ApiError | null
    errors: PageFault[]
  }
  changed: ComputedRef<boolean>
  set: (data: Values) => void
  /** Sends what has changed; true when the server has it. */
  save: () => Promise<boolean>
  takeOther: () => void
  leaveOther: () => void
}

const same = (a: Values, b: Values) => JSON.stringify(a) === JSON.stringify(b)

/** What a page opens with: ours where the server has not moved on, else the server's with ours on offer. */
export function opening(
  server: ServerPage,
  held: Held | null,
): Pick<PageDraft['state'], 'data' | 'version' | 'save' | 'savedAt' | 'other'> {
  const base = { version: server.version, savedAt: server.saved_at }
  if (!held || same(held.data, server.data)) return { ...base, data: server.data, save: 'fresh', other: null }
  if (held.base === server.version) return { ...base, data: held.data, save: 'changed', other: null }
  return { ...base, data: server.data, save: 'fresh', other: { data: held.data, at: held.at, where: 'here' } }
}

export function createPageDraft(page: FilledPage, server: ServerPage, held: Held | null, means: Means): PageDraft {
  const state = reactive<PageDraft['state']>({ ...opening(server, held), trouble: null, errors: [] })
  let running: Promise<boolean> | null = null
  let revision = 0

  function keep(): void {
    means.keep(page, { data: state.data, base: state.version, at: means.now() })
  }

  function set(data: Values): void {
    state.data = data
    revision += 1
    if (state.save !== 'saving') state.save = 'changed'
    keep()
  }

  function conflict(current: ServerPage): void {
    const mine = { data: state.data, at: means.now(), where: 'here' as const }
    state.other = same(mine.data, current.data) ? null : mine
    Object.assign(state, { data: current.data, version: current.version, savedAt: current.saved_at, save: 'saved' })
    means.forget(page)
  }

  async function send(): Promise<boolean> {
    const sent = revision
    state.save = 'saving'
    state.trouble = null
    try {
      const saved = await means.put(page, state.version, state.data)
      Object.assign(state, { version: saved.version, savedAt: saved.saved_at, errors: saved.errors })
      if (sent !== revision) {
        keep()
        return send()
      }
      state.save = 'saved'
      means.forget(page)
      return true
    } catch (thrown) {
      const error = asApiError(thrown)
      const current = error.details.current as ServerPage | null | undefined
      if (error.code === 'draft.newer' && current) {
        conflict(current)
        return false
      }
      state.trouble = error
      state.save = error.status === 0 ? 'offline' : 'failed'
      return false
    }
  }

  async function save(): Promise<boolean> {
    if (running) return running
    if (state.save === 'fresh' && state.version > 0) return true
    if (state.save === 'saved') return true
    running = send().finally(() => (running = null))
    return running
  }

  return {
    page,
    state,
    changed: computed(() => ['changed', 'offline', 'failed'].includes(state.save)),
    set,
    save,
    takeOther() {
      const { other } = state
      if (!other) return
      state.other = { data: state.data, at: state.savedAt ?? means.now(), where: 'elsewhere' }
      set(other.data)
      state.other = null
    },
    leaveOther() {
      state.other = null
      means.forget(page)
    },
  }
}
