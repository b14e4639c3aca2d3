/** Tasks of the task centre: steps of cases and tasks of other origins in one list. */
import type { Page } from '@anju/shared/api/registers'
import type { TaskRow, TaskSummary } from '@anju/shared/api/workspace'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api } from '@/lib/api'
import { useSession } from '@/lib/useSession'

export type TaskView = 'todo' | 'overdue' | 'done' | 'started' | 'copied'

export interface Asked {
  view: TaskView
  order: 'deadline' | 'priority'
  q: string
  source: string
  priority: number | null
  limit: number
}

export function useTasks(asked: Ref<Asked>) {
  const list = useInfiniteQuery({
    queryKey: ['tasks', asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TaskRow>>('/workspace/tasks', { ...asked.value, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: (old) => old,
  })
  const rows = computed(() => list.data.value?.pages.flatMap((page) => page.rows) ?? [])
  return { list, rows }
}

export function useTaskSummary() {
  return useQuery({
    queryKey: ['tasks-summary'],
    queryFn: () => api.get<TaskSummary>('/workspace/tasks/summary'),
  })
}

/** After an act every list and every badge is asked again. */
export function useTasksRefresh() {
  const client = useQueryClient()
  const session = useSession()
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['tasks'] }),
      client.invalidateQueries({ queryKey: ['tasks-summary'] }),
      client.invalidateQueries({ queryKey: ['card'] }),
      session.refreshCounts(),
    ])
  }
}

/** 剩 2 个工作日, 今天到期, 逾期 1 个工作日 with the tone of its bar. */
export function dueWords(row: Pick<TaskRow, 'remaining' | 'late' | 'due_on'>): { text: string; tone: string } {
  if (row.remaining === null) return { text: row.due_on ?? '不限期', tone: 'none' }
  if (row.late) return { text: `逾期 ${Math.abs(row.remaining)} 个工作日`, tone: 'bad' }
  if (row.remaining === 0) return { text: '今天到期', tone: 'wait' }
  return { text: `剩 ${row.remaining} 个工作日`, tone: row.remaining <= 2 ? 'run' : 'none' }
}

export const taskPath = (row: Pick<TaskRow, 'kind' | 'id' | 'case_id'>) =>
  row.kind === 'case' ? `/cases/${row.case_id}` : `/tasks/${row.id}`

/** Whether a link leads out of the office. */
export const leadsOut = (link: string) => /^https?:\/\//.test(link)
