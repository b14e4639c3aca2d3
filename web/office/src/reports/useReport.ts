/** A report with what is chosen of it; the choice stands in the address, so that the way back and a link keep it. */
import type { ReportTable } from '@anju/shared/api/reports'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api } from '@/lib/api'
import { fromAddress, parameters, toAddress, type Choice } from './asked'

export function useReport(key: string) {
  const route = useRoute()
  const router = useRouter()
  const client = useQueryClient()
  const path = route.path
  const choice = ref<Choice>(fromAddress(route.query))
  /** Until the first answer the report's own shape and period are asked for, unless the address says otherwise. */
  const opening = ref(Object.keys(parameters(choice.value)).every((name) => !parameters(choice.value)[name]))
  const asked = computed(() => ({ ...parameters(choice.value), opening: opening.value || undefined }))
  const query = useQuery({
    queryKey: ['report', key, asked],
    queryFn: () => api.get<ReportTable>(`/reports/${key}`, asked.value),
    placeholderData: keepPreviousData,
  })
  const report = computed(() => query.data.value)

  watch(
    report,
    (now) => {
      if (!now || query.isPlaceholderData.value) return
      const { time } = now.available
      const filled: Choice = {
        ...choice.value,
        rows: now.dimensions.map((one) => one.key),
        column: now.columns[0]?.key ?? '',
        // the time that was counted stands in the picker; clearing a period shows all there is
        period: time === 'period' ? (now.period ?? choice.value.period) : null,
        day: time === 'day' ? choice.value.day : null,
      }
      if (JSON.stringify(filled) === JSON.stringify(choice.value) && !opening.value) return
      choice.value = filled
      opening.value = false
      client.setQueryData(['report', key, asked.value], now)
    },
    { flush: 'sync' },
  )
  watch(choice, (now) => {
    if (route.path === path) void router.replace({ query: toAddress(now) })
  })

  function change(changes: Partial<Choice>): void {
    choice.value = { ...choice.value, ...changes }
  }
  return { choice, asked, query, report, change }
}
