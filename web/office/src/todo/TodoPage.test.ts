import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useSession } from '@/lib/useSession'
import TodoPage from './TodoPage.vue'
import TodoTable from './TodoTable.vue'

afterEach(() => vi.unstubAllGlobals())

it('names a step at which nothing waits as the menu does, and leads to what waits elsewhere', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(new Response(JSON.stringify({ rows: [], next: null, nodes: [] })))),
  )
  const pinia = createPinia()
  setActivePinia(pinia)
  const item = { key: 'permit_handle', title: '预售办理', path: '/cases/todo?node=permit_handle' }
  useSession().me = { menu: [{ title: '项目建设', items: [item] }], rights: {} } as never
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/cases/todo/:view?', name: 'todo', component: TodoPage }],
  })
  await router.push('/cases/todo?node=permit_handle')
  const page = mount(TodoPage, {
    global: { plugins: [pinia, router, [VueQueryPlugin, { queryClient: new QueryClient() }]] },
  })
  await flushPromises()
  expect(page.text()).not.toContain('permit_handle')
  expect(page.find('.filters').text()).toContain('预售办理 0')
  expect(document.title).toContain('预售办理')
  await page
    .findAll('button')
    .find((one) => one.text() === '看全部待办')
    ?.trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({})
})

it('says which of an organisation’s matters waits', () => {
  const pinia = createPinia()
  const row = {
    task_id: 1,
    case_id: 2,
    number: 'YS1',
    title: '江湾里43号地块',
    household: '澜州江湾城建',
    household_size: 0,
    tags: [],
  }
  const table = mount(TodoTable, {
    props: { rows: [row as never], view: 'todo' },
    global: { plugins: [pinia, [VueQueryPlugin, { queryClient: new QueryClient() }]], stubs: { RouterLink: true } },
  })
  expect(table.text()).toContain('江湾里43号地块')
})
