import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import RowRelated from './RowRelated.vue'

afterEach(() => vi.unstubAllGlobals())

it('does not say in every line which row the lines belong to', async () => {
  const column = (key: string) => ({ key, title: key, type: 'text', align: 'left', hidden: false, link: null })
  const declaration = {
    key: 'supply.units',
    columns: [column('code'), column('project.name'), column('layout')],
    filters: [],
  }
  const rows = [{ id: 1, code: 'JW01-01-0101', 'project.name': '江湾家园', layout: '两室一厅' }]
  vi.stubGlobal(
    'fetch',
    vi.fn((url: string) =>
      Promise.resolve(new Response(JSON.stringify(String(url).includes('/rows') ? { rows, next: null } : declaration))),
    ),
  )
  const related = {
    key: 'units',
    title: '房源',
    register: 'supply.units',
    filter: 'project',
    same: ['project.name'],
  }
  const list = mount(RowRelated, {
    props: { id: 7, related },
    global: {
      plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]],
      stubs: { RouterLink: { template: '<a><slot /></a>' } },
    },
  })
  await flushPromises()
  expect(list.text()).toContain('JW01-01-0101')
  expect(list.text()).toContain('两室一厅')
  expect(list.text()).not.toContain('江湾家园')
})
