import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useRegister } from './useRegister'

const NUMBER = '339901199001010026'

beforeEach(() => {
  const answer = () => Promise.resolve(new Response(JSON.stringify({ rows: [], next: null })))
  vi.stubGlobal('fetch', vi.fn(answer))
})
afterEach(() => vi.unstubAllGlobals())

async function opened(query: string) {
  const page = defineComponent({
    setup(_, { expose }) {
      expose({ register: useRegister(ref('households.persons')) })
      return () => h('p')
    },
  })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/registers/:key', component: page }],
  })
  await router.push(`/registers/households.persons${query}`)
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const shown = mount(page, { global: { plugins: [router, [VueQueryPlugin, { queryClient: client }]] } })
  await flushPromises()
  const { register } = shown.vm.$.exposed as { register: ReturnType<typeof useRegister> }
  return { register, router }
}

describe('what is searched for', () => {
  it('stands in the address, so that it can be sent', async () => {
    const { register, router } = await opened('')
    register.q.value = '江湾家园'
    await flushPromises()
    expect(router.currentRoute.value.query.q).toBe('江湾家园')
  })

  it('does not when it is the number of a person, yet it is searched for', async () => {
    const { register, router } = await opened('')
    register.q.value = NUMBER
    await flushPromises()
    expect(router.currentRoute.value.fullPath).not.toContain(NUMBER)
    const calls = vi.mocked(fetch).mock.calls as [string, RequestInit][]
    expect(calls.map(([target]) => target).join()).not.toContain(NUMBER)
    expect(calls.some(([, init]) => (init.headers as Headers).get('X-Anju-Search') === NUMBER)).toBe(true)
  })

  it('leaves the address that somebody wrote it into', async () => {
    const { register, router } = await opened(`?q=${NUMBER}&sort=name`)
    expect(register.q.value).toBe(NUMBER)
    expect(router.currentRoute.value.query).toEqual({ sort: 'name' })
  })
})
