/** One case: reading it, and every act on it. A case that has moved on meanwhile is told and read again. */
import { ApiError, type FieldProblem } from '@anju/shared/api/errors'
import type { CaseDocument, CaseView } from '@anju/shared/api/cases'
import type { FormValues } from '@anju/shared/forms/schema'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { ElMessageBox } from 'element-plus'
import { computed, ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'
import { useSession } from '@/lib/useSession'

const WORKING = 4000

export interface Step {
  outcome: string
  opinion: string
  reason_type: string
  reason: string
  data: FormValues
  inform: boolean
}

export function useCase(id: number) {
  const client = useQueryClient()
  const session = useSession()
  const query = useQuery({
    // while the system works on the case, its answers appear by themselves
    refetchInterval: ({ state }) =>
      state.data && !state.data.task && !state.data.closed_at && state.data.process.active.length ? WORKING : false,
    queryKey: ['case', id],
    queryFn: () => api.get<CaseView>(`/cases/${id}`),
    staleTime: 5_000,
  })
  const data = computed(() => query.data.value)
  /** A colleague took the case meanwhile: what was read before is no longer to be seen (SH-023.6). */
  const closed = computed(() => query.error.value instanceof ApiError && query.error.value.code === 'task.taken')
  const busy = ref(false)
  const problems = ref<FieldProblem[]>([])

  function refresh(): void {
    void query.refetch()
    void client.invalidateQueries({ queryKey: ['todo'] })
    void client.invalidateQueries({ queryKey: ['cases-summary'] })
    void session.refreshCounts()
  }

  async function refuse(error: unknown): Promise<void> {
    problems.value = error instanceof ApiError ? error.problems : []
    if (error instanceof ApiError && error.status === 409) {
      const by = typeof error.details.by === 'string' && error.details.by ? `（${error.details.by}）` : ''
      refresh()
      await ElMessageBox.alert(`${error.sentence}${by}`, '没有办成', { confirmButtonText: '知道了' }).catch(() => null)
    } else if (!problems.value.length) failed(error)
  }

  /** Runs an act; true when it was done. */
  async function run(act: () => Promise<unknown>, words: string): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problems.value = []
    try {
      await act()
      if (words) saved(words)
      refresh()
      return true
    } catch (error) {
      await refuse(error)
      return false
    } finally {
      busy.value = false
    }
  }

  const taskRef = () => ({ task_id: data.value?.task?.id, version: data.value?.version })
  const post =
    (path: string, body: object = {}) =>
    () =>
      api.post(`/cases/${id}${path}`, body)

  return {
    query,
    data,
    closed,
    busy,
    problems,
    refresh,
    run,
    /** One masked value, whole; a reason is asked for and kept (path as in the form's data, or `contact`). */
    reveal: async (path: string, reason: string) =>
      (await api.post<{ value: string }>(`/cases/${id}/reveal`, { path, reason })).value,
    claim: () => run(post('/claim', { task_id: data.value?.task?.id }), '已领取，由你办理'),
    release: () => run(post('/release', { task_id: data.value?.task?.id }), '已退回待办箱'),
    act: (step: Step, words: string) => run(post('/act', { ...taskRef(), ...step }), words),
    sendBack: (node: string, reason: string) => run(post('/return', { ...taskRef(), node, reason }), '已退回'),
    reassign: (account: string) => run(post('/reassign', { ...taskRef(), account }), '已转办'),
    supplement: (items: { klass: string; note: string }[], note: string, days: number) =>
      run(post('/supplement', { ...taskRef(), items, note, days }), '已通知申请人补件'),
    putSupplement: (item: number, file: File) => {
      const form = new FormData()
      form.append('task_id', String(data.value?.task?.id ?? ''))
      form.append('file', file)
      return run(() => api.upload(`/cases/${id}/supplements/${item}`, form), '已收下')
    },
    finishSupplement: (reason: string) =>
      run(post('/supplement/finish', { task_id: data.value?.task?.id, reason }), '补件已结束，案件继续办理'),
    retry: (check: number) => run(post(`/checks/${check}/retry`), '已重新查询'),
    decide: (check: number, passed: boolean, note: string) =>
      run(post(`/checks/${check}/decide`, { passed, note }), '已认定'),
    manual: (check: number, form: FormData) =>
      run(() => api.upload(`/cases/${id}/checks/${check}/manual`, form), '已录入'),
    addMaterial: (form: FormData) => run(() => api.upload(`/cases/${id}/materials`, form), '已补传'),
    replaceMaterial: (material: number, file: File) => {
      const form = new FormData()
      form.append('file', file)
      return run(() => api.upload(`/cases/${id}/materials/${material}/replace`, form), '已替换')
    },
    removeMaterial: (material: number, reason: string) =>
      run(post(`/materials/${material}/remove`, { reason }), '已移除'),
    edit: (changed: FormValues) => run(post('/edit', { ...taskRef(), data: changed }), '已保存'),
    /** What an outside system says for the form; nothing is saved. */
    fetch: async (key: string, asked: Record<string, string>) => {
      let found: Record<string, FormValues> | null = null
      await run(async () => {
        const answer = await api.post<{ data: Record<string, FormValues> }>(`/cases/${id}/fetch`, {
          task_id: data.value?.task?.id,
          key,
          asked,
        })
        found = answer.data
      }, '')
      return found as Record<string, FormValues> | null
    },
    print: (key: string) =>
      run(async () => {
        const made = await api.post<CaseDocument>(`/cases/${id}/papers/${key}`)
        window.open(made.url, '_blank', 'noopener')
      }, ''),
    askDeletion: (reason: string) =>
      run(() => api.post(`/eligibility/cases/${id}/deletion`, { reason }), '已提交删除申请'),
    decideDeletion: (request: number, approve: boolean, note: string) =>
      run(
        () => api.post(`/eligibility/deletions/${request}/decide`, { approve, note }),
        approve ? '已同意删除' : '已驳回',
      ),
    housingReport: () =>
      run(() => api.post(`/eligibility/cases/${id}/housing-report`), '住房核查报告已生成，在文书里打开'),
  }
}

export type CaseWork = ReturnType<typeof useCase>
