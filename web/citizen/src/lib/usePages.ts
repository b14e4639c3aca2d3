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
  onScopeDispose(() => (left = true))

  /** Written beside what the router keeps of this page in the browser's history. */
  const keep = () => left || window.history.replaceState({ ...kept(), [KEY]: shown }, '')

  const load = useLoad(async () => {
    const first = await ask(null)
    const rest: T[] = []
    let next = first.next
    for (shown = 1; shown < again && next; shown++) {
      const page = await ask(next)
      rest.push(...page.rows)
      next = page.next
    }
    again = 1
    further.value = rest
    cursor.value = next
    keep()
    return first
  })

  async function more(): Promise<void> {
    await run(async () => {
      const page = await ask(cursor.value)
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
