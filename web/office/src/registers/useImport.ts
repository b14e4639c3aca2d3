/** One import from upload to result: reads its state until the server has finished a stage. */
import type { CorrectionAnswer, ImportProblem, ImportRun, Page } from '@anju/shared/api/registers'
import type { Job } from '@anju/shared/api/jobs'
import { computed, onBeforeUnmount, ref } from 'vue'
import { api } from '@/lib/api'

const EVERY = 800

export function useImport(register: string) {
  const run = ref<ImportRun | null>(null)
  const job = ref<Job | null>(null)
  const problems = ref<ImportProblem[]>([])
  const next = ref<string | null>(null)
  const reason = ref('')
  const failure = ref<unknown>(null)
  const busy = ref(false)
  let timer = 0

  const working = computed(() => ['checking', 'importing', 'undoing'].includes(run.value?.state ?? ''))
  /** Rows that the run would write: all that passed and are not written yet. */
  const ready = computed(() => (run.value ? Math.max(0, run.value.total - run.value.failed - run.value.done) : 0))

  async function guarded(act: () => Promise<void>): Promise<void> {
    busy.value = true
    failure.value = null
    try {
      await act()
    } catch (error) {
      failure.value = error
    } finally {
      busy.value = false
    }
  }

  async function watchStage(id: number): Promise<void> {
    window.clearTimeout(timer)
    run.value = await api.get<ImportRun>(`/imports/${id}`)
    if (working.value) {
      if (run.value.job) job.value = await api.get<Job>(`/jobs/${run.value.job}`).catch(() => job.value)
      timer = window.setTimeout(() => void guarded(() => watchStage(id)), EVERY)
    } else await list()
  }

  const open = (id: number) => guarded(() => watchStage(id))

  const upload = (file: File, kind: string) =>
    guarded(async () => {
      const form = new FormData()
      form.append('file', file)
      if (kind) form.append('kind', kind)
      const begun = await api.upload<{ id: number }>(
        `/registers/${register}/imports${kind ? `?kind=${kind}` : ''}`,
        form,
      )
      await watchStage(begun.id)
    })

  async function list(more = false): Promise<void> {
    if (!run.value || !run.value.failed) {
      problems.value = []
      next.value = null
      return
    }
    const page = await api.get<Page<ImportProblem>>(`/imports/${run.value.id}/rows`, {
      reason: reason.value,
      cursor: more ? next.value : null,
    })
    problems.value = more ? [...problems.value, ...page.rows] : page.rows
    next.value = page.next
  }

  const pick = (code: string) => {
    reason.value = code
    return guarded(() => list())
  }
  const more = () => guarded(() => list(true))

  /** Puts another value into a cell; the server examines that row alone. */
  async function correct(problem: ImportProblem, value: string): Promise<CorrectionAnswer | null> {
    const id = run.value?.id
    if (!id) return null
    let answer: CorrectionAnswer | null = null
    await guarded(async () => {
      answer = await api.post<CorrectionAnswer>(`/imports/${id}/corrections`, {
        row: problem.row,
        field: problem.field,
        value,
      })
      run.value = await api.get<ImportRun>(`/imports/${id}`)
    })
    return answer
  }

  const start = () =>
    guarded(async () => {
      if (!run.value) return
      await api.post(`/imports/${run.value.id}/run`)
      await watchStage(run.value.id)
    })

  /** Says what the columns of the file mean; the server examines it anew. */
  const map = (columns: Record<string, string>) =>
    guarded(async () => {
      if (!run.value) return
      await api.post(`/imports/${run.value.id}/columns`, { columns })
      await watchStage(run.value.id)
    })

  const undo = () =>
    guarded(async () => {
      if (!run.value) return
      await api.post(`/imports/${run.value.id}/undo`)
      await watchStage(run.value.id)
    })

  const cancel = () =>
    guarded(async () => {
      if (run.value?.job) await api.post(`/jobs/${run.value.job}/cancel`)
    })

  onBeforeUnmount(() => window.clearTimeout(timer))
  return {
    run,
    job,
    problems,
    next,
    reason,
    failure,
    busy,
    working,
    ready,
    open,
    upload,
    pick,
    more,
    correct,
    start,
    map,
    undo,
    cancel,
  }
}
