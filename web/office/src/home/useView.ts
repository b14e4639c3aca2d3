/** One's work views: the cards as one arranged them, and what stands on each. */
import type { PlacedCard, WorkView } from '@anju/shared/api/workspace'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'

const KEPT = 'aj-work-view'
const CARDS_EVERY = 60_000

export function useView() {
  const client = useQueryClient()
  const chosen = ref(localStorage.getItem(KEPT) ?? '')
  const views = useQuery({
    queryKey: ['views'],
    queryFn: () => api.get<{ views: { key: string; title: string }[] }>('/workspace/views'),
  })
  const key = computed(() => {
    const own = views.data.value?.views ?? []
    return own.find((one) => one.key === chosen.value)?.key ?? own[0]?.key ?? ''
  })
  const view = useQuery({
    queryKey: ['view', key],
    queryFn: () => api.get<WorkView>(`/workspace/views/${key.value}`),
    enabled: computed(() => key.value !== ''),
  })

  function choose(next: string): void {
    chosen.value = next
    localStorage.setItem(KEPT, next)
  }

  async function keep(cards: Pick<PlacedCard, 'key' | 'width'>[]): Promise<boolean> {
    try {
      const kept = await api.put<WorkView>(`/workspace/views/${key.value}`, {
        cards: cards.map(({ key: card, width }) => ({ key: card, width })),
      })
      client.setQueryData(['view', key], kept)
      client.setQueryData(['view', key.value], kept)
      await view.refetch()
      saved('布局已保存')
      return true
    } catch (error) {
      failed(error)
      return false
    }
  }

  async function reset(): Promise<void> {
    try {
      await api.remove(`/workspace/views/${key.value}`)
      await view.refetch()
      saved('已恢复默认布局')
    } catch (error) {
      failed(error)
    }
  }

  return { views, key, view, choose, keep, reset }
}

export function useCard<T>(view: () => string, card: string) {
  return useQuery({
    queryKey: ['card', computed(view), card],
    queryFn: () => api.get<T>(`/workspace/views/${view()}/cards/${card}`),
    refetchInterval: CARDS_EVERY,
  })
}
