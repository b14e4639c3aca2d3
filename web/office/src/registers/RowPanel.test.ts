import type { RegisterDeclaration } from '@anju/shared/api/registers'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import RowPanel from './RowPanel.vue'

const acts = ['锁定', '转维修', '登记实心房', '性质转换'].map((title, at) => ({ key: `act${at}`, title }))
const declaration: RegisterDeclaration = {
  key: 'supply.units',
  title: '房源',
  unit: '套',
  columns: [],
  filters: [],
  search: null,
  order: { key: 'code', desc: false },
  views: [],
  can: { create: false, change: true, delete: true, import: false, export: false, history: true },
  row_actions: acts,
  batch_actions: [],
  form: null,
  detail: [],
  related: [],
}

// all files share one document, and another one's menus may still lie in it
beforeEach(() => void (document.body.innerHTML = ''))
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

/** The panel of a row for which these are not offered. */
async function panel(shut: string[]) {
  const row = { id: 7, version: 3, values: {}, form: {}, title: '江湾家园 3号楼 906', subtitle: '', badges: [] }
  const answer = { ...row, related_counts: {}, shut }
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(new Response(JSON.stringify(answer)))),
  )
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { template: '<p />' } }],
  })
  const shown = mount(RowPanel, {
    props: { id: 7, declaration },
    attachTo: document.body,
    global: { plugins: [router, [VueQueryPlugin, { queryClient: new QueryClient() }]] },
  })
  await flushPromises()
  return shown
}
const inMenu = () => [...document.querySelectorAll<HTMLElement>('.el-dropdown-menu__item')]
const more = (shown: Awaited<ReturnType<typeof panel>>) =>
  shown.findAll('footer button').find((one) => one.text() === '更多')

it('offers everything that can be done to a row that is perhaps on no page of the list', async () => {
  const shown = await panel([])
  await more(shown)?.trigger('click')
  await flushPromises()
  expect(inMenu().map((one) => one.textContent)).toEqual(['转维修', '登记实心房', '性质转换', '删除'])
  inMenu()[2]?.click()
  inMenu()[3]?.click()
  expect(shown.emitted('act')).toEqual([[acts[3], '江湾家园 3号楼 906']])
  expect(shown.emitted('remove')).toEqual([[3, '江湾家园 3号楼 906']])
})

it('has no such button where nothing is left for it', async () => {
  const shown = await panel(['act2', 'act3', '@change', '@delete'])
  expect(shown.text()).toContain('转维修')
  expect(more(shown)).toBeUndefined()
})
