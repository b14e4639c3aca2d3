export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Job {
  id: number
  kind: string
  title: string
  state: JobState
  done: number
  total: number
  result: Record<string, unknown> | null
  error: string | null
  file_id: number | string | null
  created_at: string
  finished_at: string | null
}

export function isOver(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
}
