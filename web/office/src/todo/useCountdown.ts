/** The countdown of open cases: late ones first, stretch by stretch (SH-048). */
import type { CountdownBucket, CountdownPage } from '@anju/shared/api/cases'
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '@/lib/api'

export type Stretch = CountdownBucket['key'] | ''

const LIMIT = 50
const STRETCHES = ['late', 'soon', 'near', 'far']

/** The stretch that an address names; all of them when it names none that exists. */
export function stretchOf(asked: unknown): Stretch {
  return STRETCHES.includes(String(asked)) ? (asked as Stretch) : ''
}

/** 全部 and the stretches, each with how many cases stand in it. */
export function tabsOf(buckets: CountdownBucket[]): { key: Stretch; title: string }[] {
  const all = buckets.reduce((sum, one) => sum + one.count, 0)
  return [
    { key: '', title: `全部 ${all}` },
    ...buckets.map((one) => ({ key: one.key, title: `${one.title} ${one.count}` })),
  ]
}

export function useCountdown(bucket: Ref<Stretch>) {
  const list = useInfiniteQuery({
    queryKey: ['countdown', bucket],
    queryFn: ({ pageParam, signal }) =>
      api.get<CountdownPage>('/cases/countdown', { bucket: bucket.value, cursor: pageParam, limit: LIMIT }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
  })
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.rows) ?? [])
  const buckets = computed(() => list.data.value?.pages[0]?.buckets ?? [])
  return { list, rows, buckets }
}
