/** The client of this face and the memory of what it has read. */
import { ApiError } from '@anju/shared/api/errors'
import { createClient } from '@anju/shared/api/client'
import { QueryClient } from '@tanstack/vue-query'

export const api = createClient('office')

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 2 && !(error instanceof ApiError && error.status > 0 && error.status < 500),
    },
  },
})
