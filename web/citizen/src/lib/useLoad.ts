/** What a page loads: nothing for 300 ms, then a skeleton; after 5 s it says that the network is slow; errors can be tried again. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '../api/http'

export interface Load<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<ApiError | null>
  waiting: Ref<boolean>
  slow: Ref<boolean>
  reload: () => Promise<void>
}

export function useLoad<T>(fetcher: () => Promise<T>): Load<T> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError | null>(null)
  const waiting = ref(false)
  const slow = ref(false)
  const timers: ReturnType<typeof setTimeout>[] = []
  let round = 0

  const settle = () => {
    timers.splice(0).forEach(clearTimeout)
    waiting.value = slow.value = false
  }

  async function reload(): Promise<void> {
    const mine = ++round
    settle()
    error.value = null
    timers.push(
      setTimeout(() => (waiting.value = data.value === undefined), 300),
      setTimeout(() => (slow.value = true), 5000),
    )
    try {
      const found = await fetcher()
      if (mine === round) data.value = found
    } catch (thrown) {
      if (mine === round) error.value = asApiError(thrown)
    } finally {
      if (mine === round) settle()
    }
  }

  onScopeDispose(settle)
  void reload()
  return { data, error, waiting, slow, reload }
}
