/** To-do lists: what is mine or free, late first; claimed cases leave other people's lists at once. */
import type { CasesSummary, TodoRow } from '@anju/shared/api/cases'
import type { Page } from '@anju/shared/api/registers'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'
import { useSession } from '@/lib/useSession'

export type TodoView = 'todo' | 'mine' | 'claimable' | 'overdue' | 'done'

export function useSummary() {
  return useQuery({ queryKey: ['cases-summary'], queryFn: () => api.get<CasesSummary>('/cases/summary') })
}

export function useTodo(asked: Ref<{ view: TodoView; node: string; q: string; limit: number }>) {
  const list = useInfiniteQuery({
    queryKey: ['todo', asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TodoRow>>('/cases/todo', { ...asked.value, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.rows) ?? [])
  return { list, rows }
}

export function useClaim() {
  const client = useQueryClient()
  const session = useSession()

  async function refresh(): Promise<void> {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['todo'] }),
      client.invalidateQueries({ queryKey: ['cases-summary'] }),
      session.refreshCounts(),
    ])
  }

  /** Takes one case; false when somebody was faster, and says so. */
  async function claim(row: Pick<TodoRow, 'case_id' | 'task_id'>): Promise<boolean> {
    try {
      await api.post(`/cases/${row.case_id}/claim`, { task_id: row.task_id })
      return true
    } catch (error) {
      failed(error)
      return false
    } finally {
      void refresh()
    }
  }

  async function claimAll(rows: TodoRow[]): Promise<void> {
    const taken = await Promise.all(
      rows.map((row) =>
        api.post(`/cases/${row.case_id}/claim`, { task_id: row.task_id }).then(
          () => true,
          () => false,
        ),
      ),
    )
    const count = taken.filter(Boolean).length
    if (count) saved(`已领取 ${count} 件${count < rows.length ? `，另有 ${rows.length - count} 件已被他人领取` : ''}`)
    else failed(new Error('所选案件已被他人领取，请刷新后再选'))
    await refresh()
  }

  return { claim, claimAll, refresh }
}

/** 剩 2 个工作日, 今天到期, 逾期 1 个工作日 with the tone of its bar. */
export function deadlineWords(row: { remaining: number | null; late: boolean; due_on: string | null }): {
  text: string
  tone: string
} {
  if (row.remaining === null) return { text: '不限期', tone: 'none' }
  if (row.late) return { text: `逾期 ${Math.abs(row.remaining)} 个工作日`, tone: 'bad' }
  if (row.remaining === 0) return { text: '今天到期', tone: 'wait' }
  return { text: `剩 ${row.remaining} 个工作日`, tone: row.remaining <= 2 ? 'run' : 'none' }
}
