import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useCase, type CaseWork } from './useCase'

afterEach(() => vi.unstubAllGlobals())

it('closes what was read when a colleague has taken the case meanwhile', async () => {
  const answers = [
    new Response(JSON.stringify({ id: 7, version: 1, task: { id: 3 }, closed_at: null, process: { active: [] } })),
    new Response(JSON.stringify({ code: 'task.taken', message: '这件案子正由方婷办理，其他人暂不能查看或办理' }), {
      status: 409,
    }),
  ]
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(answers.shift())),
  )
  let work!: CaseWork
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const page = mount(
    defineComponent({
      setup() {
        work = useCase(7)
        return () => h('p')
      },
    }),
    { global: { plugins: [createPinia(), [VueQueryPlugin, { queryClient: client }]] } },
  )
  await flushPromises()
  expect(work.data.value?.id).toBe(7)
  expect(work.closed.value).toBe(false)
  await work.query.refetch()
  await flushPromises()
  expect(work.closed.value).toBe(true)
  page.unmount()
})
