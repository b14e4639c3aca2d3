/** A list that grows by pages; who comes back to it finds as many pages as he left, and so the place where he was. */
import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { ApiError } from '../api/http'
import { useAct } from './useAct'
import { useLoad, type Load } from './useLoad'

export interface OnePage<T> {
  rows: T[]
  next: string | number | null
  about?: number | null
}

export interface Pages<T> {
  load: Load<OnePage<T>>
  rows: ComputedRef<T[]>
  cursor: ShallowRef<string | number | null>
  busy: ReturnType<typeof useAct>['busy']
  trouble: ShallowRef<ApiError | null>
  more: () => Promise<void>
}

const KEY = 'pages'
const kept = () => (window.history.state ?? {}) as Record<string, unknown>

export function usePages<T>(ask: (after: string | number | null) => Promise<OnePage<T>>): Pages<T> {
  const further = shallowRef<T[]>([])
  const cursor = shallowRef<string | number | null>(null)
  const { busy, trouble, run } = useAct()
  let again = Number(kept()[KEY] ?? 1)
  let shown = 1
  let left = false
  let round = 0
  let beginning: Promise<unknown> = Promise.resolve()
  onScopeDispose(() => (left = true))

  /** Written beside what the router keeps of this page in the browser's history. */
  const keep = () => left || window.history.replaceState({ ...kept(), [KEY]: shown }, '')

  const load = useLoad(() => {
    const first = begin(++round)
    beginning = first.catch(() => undefined)
    return first
  })

  /** The first page, and as many more as there were. What another beginning has overtaken changes nothing. */
  async function begin(mine: number): Promise<OnePage<T>> {
    const first = await ask(null)
    const rest: T[] = []
    let [next, pages] = [first.next, 1]
    for (; pages < again && next; pages++) {
      const page = await ask(next)
      rest.push(...page.rows)
      next = page.next
    }
    if (mine !== round) return first
    again = 1
    further.value = rest
    cursor.value = next
    shown = pages
    keep()
    return first
  }

  /** The next page; of a list that is just beginning anew, its second. */
  async function more(): Promise<void> {
    await run(async () => {
      await beginning
      const mine = round
      if (!cursor.value) return
      const page = await ask(cursor.value)
      if (mine !== round) return
      further.value = [...further.value, ...page.rows]
      cursor.value = page.next
      shown += 1
      keep()
    })
  }

  return {
    load,
    rows: computed(() => [...(load.data.value?.rows ?? []), ...further.value]),
    cursor,
    busy,
    trouble,
    more,
  }
}
