import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { Values } from '../api/types'
import FieldList from './FieldList.vue'
import { provideOptions } from './options'
import type { Field } from './schema'

// The tests look at the phone's layout.
vi.hoisted(() =>
  (window as unknown as { happyDOM: { setViewport: (size: { width: number }) => void } }).happyDOM.setViewport({
    width: 390,
  }),
)

const fields: Field[] = [
  {
    key: 'situation',
    title: '你们一家现在住在哪里',
    type: 'choice',
    required: true,
    options: [
      { code: 'rented', title: '租的房子' },
      { code: 'own', title: '自己家的房子' },
    ],
    help: '用来算人均住房面积。',
  },
  {
    key: 'rent',
    title: '每个月房租多少',
    type: 'money',
    unit: '元',
    hint: '不含水、电、煤气费',
    required: true,
    visible: 'situation == "rented"',
  },
  { key: 'agreed', title: '我和家人同意以上承诺', type: 'boolean', agree: true, required: true },
  {
    key: 'assets',
    title: '家里的资产',
    type: 'group',
    add_title: '加一项资产',
    fields: [
      { key: 'owner', title: '在谁名下', type: 'person_name', required: true },
      { key: 'kind', title: '类别', type: 'text', default: '车' },
    ],
  },
]

function page(start: Values, errors: Record<string, string> = {}) {
  const values = ref<Values>(start)
  let left = 0
  const wrapper = mount(
    defineComponent({
      setup() {
        provideOptions((field) => field.options ?? [])
        return () =>
          h(FieldList, {
            fields,
            path: 'housing',
            whole: {},
            heading: '你们一家现在住在哪里？',
            errorOf: (path: string) => errors[path] ?? '',
            modelValue: values.value,
            'onUpdate:modelValue': (next: Values) => (values.value = next),
            onLeft: () => (left += 1),
          })
      },
    }),
    { attachTo: document.body },
  )
  return { wrapper, values, left: () => left }
}

describe('the questions of a page', () => {
  it('offers choices as radio buttons of one group and keeps the choice', async () => {
    const { wrapper, values, left } = page({})
    const radios = wrapper.findAll('input[type="radio"]')
    expect(new Set(radios.map((radio) => radio.attributes('name'))).size).toBe(1)
    await radios[0]?.setValue()
    expect(values.value.situation).toBe('rented')
    expect(left()).toBe(1)
  })

  it('asks the following question once its answer is there', async () => {
    const { wrapper } = page({})
    expect(wrapper.find('#f-housing-rent').exists()).toBe(false)
    await wrapper.findAll('input[type="radio"]')[0]?.setValue()
    const rent = wrapper.find('#f-housing-rent')
    expect(rent.attributes('inputmode')).toBe('decimal')
    expect(wrapper.find('label[for="f-housing-rent"]').text()).toBe('每个月房租多少')
    expect(document.getElementById(rent.attributes('aria-describedby') ?? '')?.textContent).toBe('不含水、电、煤气费')
  })

  it('repeats the error at its field and marks the input', () => {
    const { wrapper } = page(
      { situation: 'rented', rent: '两千三' },
      { 'housing.rent': '每个月房租多少写成数字，例如 2300' },
    )
    const rent = wrapper.find('#f-housing-rent')
    expect(rent.attributes('aria-invalid')).toBe('true')
    expect((rent.element as HTMLInputElement).value).toBe('两千三')
    expect(wrapper.find('#f-housing-rent-error').text()).toContain('例如 2300')
  })

  it('shows a statement as one box to tick', async () => {
    const { wrapper, values } = page({})
    await wrapper.find('#f-housing-agreed').setValue(true)
    expect(values.value.agreed).toBe(true)
  })

  it('adds a row with its defaults, says what it lacks, and takes it away again', async () => {
    const { wrapper, values } = page({})
    await wrapper.find('button.add').trigger('click')
    expect(values.value.assets).toEqual([{ kind: '车' }])
    await wrapper
      .findAll('button')
      .find((button) => button.text() === '写好了')
      ?.trigger('click')
    expect(wrapper.text()).toContain('还没填在谁名下')
    await wrapper
      .findAll('button')
      .find((button) => button.text().startsWith('移除'))
      ?.trigger('click')
    expect(values.value.assets).toEqual([])
  })

  it('says why a question is asked', () => {
    expect(page({}).wrapper.text()).toContain('为什么要问这个？')
  })
})
