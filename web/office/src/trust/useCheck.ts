/** A check as long work: begun, followed with its progress, cancelled; what it changes on the page is fetched after it. */
import { isOver, type Job } from '@anju/shared/api/jobs'
import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { api } from '@/lib/api'
import { failed } from '@/lib/notify'
import { useJobs } from '@/lib/useJobs'

export function useCheck(path: string, key: string[]) {
  const jobs = useJobs()
  const client = useQueryClient()
  const job = ref<Job | null>(null)
  const busy = ref(false)
  const running = computed(() => busy.value || (job.value !== null && !isOver(job.value)))
  const share = computed(() =>
    job.value?.total ? Math.min(100, Math.round((job.value.done / job.value.total) * 100)) : 0,
  )

  async function begin(to = path): Promise<void> {
    busy.value = true
    try {
      const begun = await api.post<{ job: number }>(to)
      job.value = await jobs.follow(begun.job, (now) => (job.value = now))
    } catch (error) {
      failed(error)
    } finally {
      busy.value = false
      await client.invalidateQueries({ queryKey: key })
    }
  }

  async function cancel(): Promise<void> {
    if (!job.value) return
    try {
      await jobs.cancel(job.value)
    } catch (error) {
      failed(error)
    }
  }

  return { job, running, share, begin, cancel }
}
