import type { FormField, FormValues } from '@anju/shared/forms/schema'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import FloorFiller from './FloorFiller.vue'

const asked = (key: string, title: string): FormField => ({ key, title, type: 'integer', required: true, min: 1 })
const by = {
  title: '按楼层生成',
  fields: [asked('from', '从几层'), asked('to', '到几层'), asked('rooms', '每层几室')],
  floors: ['from', 'to'] as [string, string],
  places: 'rooms',
  alike: ['area'],
  row: { no: '{floor}{place:2}' },
}
const field: FormField = {
  key: 'units',
  title: '房源',
  type: 'group',
  generator: by,
  fields: [
    { key: 'no', title: '室号', type: 'text' },
    { key: 'area', title: '建筑面积', type: 'area' },
  ],
}

/** What is told of a building, and what then stands in the table or under the questions. */
async function filled(told: Record<string, string>, area: string, most = 100) {
  const filler = mount(FloorFiller, {
    props: { field, by, rows: [{ no: '1' }], most, name: 'u' },
    attachTo: document.body,
  })
  await flushPromises()
  for (const [key, value] of Object.entries(told)) await filler.find(`#u-by-${key}`).setValue(value)
  if (area) {
    await flushPromises()
    await filler.find('#u-by-1-area').setValue(area)
    await filler.find('th button').trigger('click')
  }
  await filler.find('.acts button').trigger('click')
  await flushPromises()
  const [taken] = (filler.emitted('taken')?.[0] ?? []) as FormValues[][]
  const text = filler.text()
  filler.unmount()
  return { taken, text }
}

it('puts the rooms of each floor behind what is there, alike on every floor', async () => {
  const { taken } = await filled({ from: '2', to: '3', rooms: '2' }, '45.10')
  expect(taken?.map((row) => row.no)).toEqual(['1', '201', '202', '301', '302'])
  expect(taken?.slice(1).every((row) => row.area === '45.10')).toBe(true)
})

it('says what is missing, in the wrong order, or too much', async () => {
  expect((await filled({ from: '2' }, '')).text).toContain('请填“到几层”')
  const order = await filled({ from: '3', to: '2', rooms: '2' }, '')
  expect([order.taken, order.text.includes('不能小于“从几层”')]).toEqual([undefined, true])
  const much = await filled({ from: '1', to: '30', rooms: '4' }, '')
  expect([much.taken, much.text.includes('放入后超过 100 条')]).toEqual([undefined, true])
})
