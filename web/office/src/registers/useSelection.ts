/** Marked rows, kept while pages turn; Shift marks a stretch. */
import type { RegisterRow } from '@anju/shared/api/registers'
import { computed, ref, type Ref } from 'vue'

export function useSelection(rows: Ref<RegisterRow[]>) {
  const marked = ref<Set<number>>(new Set())
  let last = -1

  function toggle(at: number, stretch = false): void {
    const next = new Set(marked.value)
    const row = rows.value[at]
    if (!row) return
    const on = !next.has(row.id)
    const from = stretch && last >= 0 ? Math.min(last, at) : at
    const to = stretch && last >= 0 ? Math.max(last, at) : at
    for (const one of rows.value.slice(from, to + 1)) {
      if (on) next.add(one.id)
      else next.delete(one.id)
    }
    last = at
    marked.value = next
  }

  const all = computed(() => rows.value.length > 0 && rows.value.every((row) => marked.value.has(row.id)))
  const some = computed(() => marked.value.size > 0 && !all.value)

  function toggleAll(): void {
    const next = new Set(marked.value)
    const on = !all.value
    for (const row of rows.value) {
      if (on) next.add(row.id)
      else next.delete(row.id)
    }
    marked.value = next
  }

  function clear(): void {
    marked.value = new Set()
    last = -1
  }

  return { marked, all, some, toggle, toggleAll, clear }
}
