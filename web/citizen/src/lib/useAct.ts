/** One act of a person (send, book, sign): a second tap while it runs does nothing, a failure stays on the page. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from '../api/http'

export interface Act {
  busy: Ref<boolean>
  slow: Ref<boolean>
  trouble: ShallowRef<ApiError | null>
  /** Runs it; false when it failed or was already running. */
  run: (work: () => Promise<void>) => Promise<boolean>
}

export function useAct(): Act {
  const busy = ref(false)
  const slow = ref(false)
  const trouble = shallowRef<ApiError | null>(null)

  async function run(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    trouble.value = null
    const timer = setTimeout(() => (slow.value = true), 5000)
    try {
      await work()
      return true
    } catch (thrown) {
      trouble.value = asApiError(thrown)
      return false
    } finally {
      clearTimeout(timer)
      busy.value = slow.value = false
    }
  }
  return { busy, slow, trouble, run }
}
