import type { RegisterDeclaration } from '@anju/shared/api/registers'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { offeredFor } from './offers'
import RegisterTable from './RegisterTable.vue'
import { useSelection } from './useSelection'

const declaration: RegisterDeclaration = {
  key: 'supply.units',
  title: '房源',
  unit: '套',
  columns: [
    { key: 'code', title: '房源编码', type: 'text', frozen: true, sortable: true },
    { key: 'rent', title: '月租金', type: 'money', align: 'right' },
  ],
  filters: [],
  search: null,
  order: { key: 'code', desc: false },
  views: [],
  can: { create: false, change: true, delete: true, import: false, export: false, history: true },
  row_actions: [],
  batch_actions: [{ key: 'lock', title: '锁定' }],
  form: null,
  detail: [],
  related: [],
}
const rows = [1, 2, 3].map((id) => ({ id, version: 1, code: `A-${id}`, rent: '1920.00' }))

function table() {
  const selection = useSelection(ref(rows))
  const wrapper = mount(RegisterTable, {
    props: {
      declaration,
      columns: declaration.columns,
      density: 'standard',
      rows,
      sorted: { key: 'code', desc: false },
      selection,
      opened: null,
      stale: false,
      filtered: false,
    },
    attachTo: document.body,
    global: { stubs: { RouterLink: true } },
  })
  return { wrapper, selection }
}

describe('a register’s table', () => {
  it('says how it is sorted and asks for another order by a head click', async () => {
    const { wrapper } = table()
    const head = wrapper.findAll('th').find((one) => one.text() === '房源编码')
    expect(head?.attributes('aria-sort')).toBe('ascending')
    await head?.find('button').trigger('click')
    expect(wrapper.emitted('sort')?.[0]).toEqual(['code'])
  })
  it('writes money with two decimals, at the right', () => {
    const cell = table().wrapper.find('tbody td.right')
    expect(cell.text()).toBe('1,920.00')
  })
  it('walks rows by the arrows, marks with the space bar and opens with Enter', async () => {
    const { wrapper, selection } = table()
    const lines = wrapper.findAll('tbody tr')
    await lines[0]?.trigger('keydown', { key: 'ArrowDown' })
    await wrapper.vm.$nextTick()
    expect(document.activeElement).toBe(lines[1]?.element)
    await lines[1]?.trigger('keydown', { key: ' ' })
    expect([...selection.marked.value]).toEqual([2])
    await lines[1]?.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('open')?.at(-1)).toEqual([2])
  })
  it('marks a stretch with Shift', async () => {
    const { wrapper, selection } = table()
    const boxes = wrapper.findAll('tbody input')
    await boxes[0]?.trigger('click')
    await boxes[2]?.trigger('click', { shiftKey: true })
    expect([...selection.marked.value]).toEqual([1, 2, 3])
  })
  it('offers for a row only what can be done to it', () => {
    const may = { ...declaration, row_actions: [{ key: 'submit', title: '提交核定' }] }
    expect(offeredFor(may)).toMatchObject({ change: true, remove: true, acts: [{ key: 'submit' }] })
    const shut = ['@change', '@delete', 'submit']
    expect(offeredFor(may, shut)).toEqual({ change: false, remove: false, acts: [] })
  })
  it('says where rows come from while there are none', () => {
    const empty = '先新增调配单，再在“房源”里选“列入调配单”'
    const props = { declaration: { ...declaration, empty }, columns: [], density: 'standard' as const, rows: [] }
    const selection = useSelection(ref([]))
    const rest = { sorted: { key: 'code', desc: false }, selection, opened: null, stale: false }
    const none = mount(RegisterTable, { props: { ...props, ...rest, filtered: false } })
    expect(none.text()).toContain(`还没有房源。${empty}`)
    const filtered = mount(RegisterTable, { props: { ...props, ...rest, filtered: true } })
    expect(filtered.text()).not.toContain(empty)
  })
})
