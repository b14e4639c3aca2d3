/** Long work that a person started: looked at until it is over, told when it is. */
import { isOver, type Job } from '@anju/shared/api/jobs'
import { ElNotification } from 'element-plus'
import { defineStore } from 'pinia'
import { computed, h, ref } from 'vue'
import { api } from './api'

const FIRST = 600
const SLOW = 3000

export const useJobs = defineStore('jobs', () => {
  const jobs = ref<Job[]>([])
  const open = ref(false)
  const failure = ref<unknown>(null)
  const running = computed(() => jobs.value.filter((job) => !isOver(job)).length)

  async function refresh(): Promise<void> {
    try {
      jobs.value = (await api.get<{ rows: Job[] }>('/jobs')).rows
      failure.value = null
    } catch (error) {
      failure.value = error
    }
  }

  function show(): void {
    open.value = true
    void refresh()
  }

  function put(job: Job): void {
    const at = jobs.value.findIndex((one) => one.id === job.id)
    if (at < 0) jobs.value.unshift(job)
    else jobs.value[at] = job
  }

  /** Looks at a job until it is over; `watch` hears of every step. */
  async function follow(id: number, watch?: (job: Job) => void): Promise<Job> {
    for (let pause = FIRST; ; pause = Math.min(pause * 1.3, SLOW)) {
      const job = await api.get<Job>(`/jobs/${id}`)
      put(job)
      watch?.(job)
      if (isOver(job)) return job
      await new Promise((resolve) => window.setTimeout(resolve, pause))
    }
  }

  /** Follows in the background and tells the result in a notification. */
  async function announce(job: Job, title: string): Promise<void> {
    put(job)
    try {
      const end = await follow(job.id)
      const file = end.file_id ? api.url(`/files/${end.file_id}`, { download: 1 }) : null
      ElNotification({
        type: end.state === 'done' ? 'success' : end.state === 'failed' ? 'error' : 'info',
        title: end.state === 'done' ? `${title}完成` : end.state === 'failed' ? `${title}没有成功` : `${title}已取消`,
        message: file ? h('a', { href: file, download: '' }, '下载文件') : (end.error ?? ''),
        duration: file ? 0 : 6000,
      })
    } catch {
      // A lost connection: the drawer shows the job again as soon as the server answers.
    }
  }

  async function cancel(job: Job): Promise<void> {
    put(await api.post<Job>(`/jobs/${job.id}/cancel`))
  }

  return { jobs, open, failure, running, refresh, show, follow, announce, cancel }
})
