import type { FormField, FormValues } from '@anju/shared/forms/schema'
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick } from 'vue'
import GroupRows from './GroupRows.vue'
import { focusInput } from './show'
import { sumsOf } from './usePaged'

const field: FormField = {
  key: 'units',
  title: '房屋',
  type: 'group',
  max: 2000,
  sheet: '/forms/x/tables/s/units',
  sums: ['area'],
  fields: [
    { key: 'no', title: '房屋编号', type: 'text' },
    { key: 'area', title: '建筑面积', type: 'area' },
  ],
}
const homes = (count: number) => Array.from({ length: count }, (_, at) => ({ no: `A-${at + 1}`, area: '0.10' }))

/** An input without a library's dress: a page has a hundred of them. */
const Plain = defineComponent({
  props: { id: { type: String, required: true }, modelValue: { type: String, default: '' } },
  emits: ['update:modelValue'],
  setup:
    (props, { emit }) =>
    () =>
      h('input', {
        id: props.id,
        value: props.modelValue,
        onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value),
      }),
})

function table(rows: FormValues[], problems: { field: string; code: string; message: string }[] = []) {
  const wrapper = mount(GroupRows, {
    attachTo: document.body,
    global: { stubs: { FieldInput: Plain } },
    props: {
      field,
      problems,
      name: 'f-units',
      modelValue: rows,
      'onUpdate:modelValue': (now: FormValues[]) => void wrapper.setProps({ modelValue: now }),
    },
  })
  return wrapper
}
const first = () => document.querySelector<HTMLInputElement>('tbody input')?.value

afterEach(() => (document.body.innerHTML = ''))

describe('a long table', () => {
  it('is shown by pages, with its number and its sums', () => {
    const wrapper = table(homes(2000))
    expect(wrapper.findAll('tbody tr')).toHaveLength(50)
    expect(wrapper.text()).toContain('2,000 条')
    expect(wrapper.text()).toContain('建筑面积合计 200.00 ㎡')
  })
  it('leads to a wrong cell on another page', async () => {
    table(homes(200), [{ field: '120.area', code: 'number.too_small', message: '建筑面积不能小于 0.01㎡' }])
    focusInput('f-units-120-area')
    await nextTick()
    await nextTick()
    expect(first()).toBe('A-101')
    expect(document.activeElement?.id).toBe('f-units-120-area')
  })
  it('shows the wrong rows alone when asked, and what was changed stays in its row', async () => {
    const wrapper = table(homes(200), [{ field: '120.area', code: 'x', message: '请核对' }])
    await wrapper.find('input[type=checkbox]').setValue(true)
    expect(wrapper.findAll('tbody tr')).toHaveLength(1)
    await wrapper.find('#f-units-120-area').setValue('62.18')
    expect((wrapper.props('modelValue') as FormValues[])[120]?.area).toBe('62.18')
    expect((wrapper.props('modelValue') as FormValues[])[119]?.area).toBe('0.10')
  })
  it('adds up hundredths exactly and leaves out what is no number yet', () => {
    expect(sumsOf(field, [...homes(3), { area: '六十' }, {}])).toEqual(['建筑面积合计 0.30 ㎡'])
  })
})
