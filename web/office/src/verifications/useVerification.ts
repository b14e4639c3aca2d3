/** A real-name verification as the clerk's desk shows it, and the two decisions. */
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'
import { useSession } from '@/lib/useSession'

export interface Verification {
  id: number
  way: string
  state: string
  name: string
  document_type: string
  document_number: string
  city: string
  phone: string
  submitted_at: string
  due_on: string
  reason: string
  decided_name: string
  decided_at: string | null
  /** Another account is verified with this number already. */
  number_taken: boolean
  photos: { kind: string; title: string; file_id: number; url: string }[]
}

export function useVerification(id: number) {
  const client = useQueryClient()
  const session = useSession()
  const key = ['verification', id]
  const path = `/citizen-desk/verifications/${id}`
  const busy = ref(false)
  const query = useQuery({ queryKey: key, queryFn: () => api.get<Verification>(path) })

  async function decide(act: 'approve' | 'refuse', words: string, body: object = {}): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      client.setQueryData(key, await api.post<Verification>(`${path}/${act}`, body))
      saved(words)
      void session.refreshCounts()
      void client.invalidateQueries({ queryKey: ['register-rows', 'citizen.verifications'] })
      return true
    } catch (error) {
      failed(error)
      void query.refetch()
      return false
    } finally {
      busy.value = false
    }
  }

  return { query, data: query.data, busy, decide }
}
