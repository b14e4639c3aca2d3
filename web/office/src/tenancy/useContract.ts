/** A contract and every act on it. */
import type { ContractView } from '@anju/shared/api/tenancy'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { api } from '@/lib/api'
import { failed, saved } from '@/lib/notify'

export function useContract(id: number) {
  const client = useQueryClient()
  const busy = ref(false)
  const query = useQuery({
    queryKey: ['contract', id],
    queryFn: () => api.get<ContractView>(`/tenancy/contracts/${id}`),
  })
  const data = computed(() => query.data.value)

  function keep(found: ContractView): void {
    client.setQueryData(['contract', found.id], found)
    void client.invalidateQueries({ queryKey: ['register-rows', 'tenancy.contracts'] })
    void client.invalidateQueries({ queryKey: ['board'] })
  }

  async function act(path: string, words: string, body: object = {}): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      keep(await api.post<ContractView>(`/tenancy/contracts/${id}/${path}`, body))
      saved(words)
      return true
    } catch (error) {
      failed(error)
      void query.refetch()
      return false
    } finally {
      busy.value = false
    }
  }

  return { query, data, busy, act, keep }
}
