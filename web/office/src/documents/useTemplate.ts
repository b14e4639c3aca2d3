/** A contract template with its versions: uploading one, ending one. */
import { ApiError } from '@anju/shared/api/errors'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'

export interface TemplateVersion {
  id: number
  number: number
  state: 'holds' | 'coming' | 'past' | 'withdrawn'
  valid_from: string
  note: string
  name: string
  size: number
  uploaded_by: string
  uploaded_at: string
  withdrawn_at: string | null
  withdrawn_by: string
}

export interface ContractTemplate {
  id: number
  name: string
  programme: string
  estate: string
  active: boolean
  today: string
  versions: TemplateVersion[]
  fields: { name: string; example: string }[]
  can_change: boolean
}

/** A place in an uploaded file that must be mended. */
export interface Problem {
  place: string
  message: string
}

export const STATES: Record<TemplateVersion['state'], { title: string; tone: string }> = {
  holds: { title: '使用中', tone: 'ok' },
  coming: { title: '待启用', tone: 'wait' },
  past: { title: '已替换', tone: 'idle' },
  withdrawn: { title: '已停用', tone: 'bad' },
}

/** The places that a refusal lists; none for another kind of error. */
export function problemsOf(error: unknown): Problem[] {
  if (!(error instanceof ApiError)) return []
  const listed = (error.details as { problems?: Problem[] } | undefined)?.problems
  return listed ?? []
}

export const previewUrl = (id: number): string => api.url(`/tenancy/template-versions/${id}/preview`)
export const fileUrl = (id: number): string => api.url(`/tenancy/template-versions/${id}/file`)

export function useTemplate(id: number) {
  const client = useQueryClient()
  const key = ['contract-template', id]
  const busy = ref(false)
  const problems = ref<Problem[]>([])
  const query = useQuery({ queryKey: key, queryFn: () => api.get<ContractTemplate>(`/tenancy/templates/${id}`) })

  async function send(words: string, ask: () => Promise<ContractTemplate>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problems.value = []
    try {
      client.setQueryData(key, await ask())
      saved(words)
      return true
    } catch (error) {
      problems.value = problemsOf(error)
      if (!problems.value.length) failed(error)
      return false
    } finally {
      busy.value = false
    }
  }

  function upload(file: File, validFrom: string, note: string): Promise<boolean> {
    const form = new FormData()
    form.append('file', file)
    form.append('valid_from', validFrom)
    form.append('note', note)
    return send('已上传，试排通过', () => api.upload<ContractTemplate>(`/tenancy/templates/${id}/versions`, form))
  }

  function withdraw(version: TemplateVersion): Promise<boolean> {
    return send(`第 ${version.number} 版已停用`, () =>
      api.post<ContractTemplate>(`/tenancy/template-versions/${version.id}/withdraw`),
    )
  }

  function forgetProblems(): void {
    problems.value = []
  }

  return { query, data: query.data, busy, problems, forgetProblems, upload, withdraw }
}
