/** What chosen rows of a register are called, where only their ids are known: from an address, a saved view, a record. */
import type { RowOption } from '@anju/shared/api/registers'
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api } from '@/lib/api'

export function useRowTitles(register: MaybeRefOrGetter<string | null>, ids: MaybeRefOrGetter<string[]>) {
  const asked = computed(() => [...toValue(ids)].filter((one) => /^\d{1,18}$/.test(one)).sort())
  const found = useQuery({
    queryKey: ['row-titles', () => toValue(register), asked],
    queryFn: () =>
      api.get<RowOption[]>(`/registers/${toValue(register)}/options`, { ids: asked.value.slice(0, 100).join(',') }),
    enabled: computed(() => Boolean(toValue(register)) && asked.value.length > 0),
    staleTime: 300_000,
    retry: false,
  })
  /** Empty while it is not known, and where the person may not see the row. */
  return (id: string | number) => {
    const row = found.data.value?.find((one) => String(one.id) === String(id))
    return row ? String(row.title ?? '') : ''
  }
}
