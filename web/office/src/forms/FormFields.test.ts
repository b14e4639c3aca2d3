import axe from 'axe-core'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import FormFields from './FormFields.vue'
import type { FormField } from '@anju/shared/forms/schema'

const fields: FormField[] = [
  { key: 'mode', title: '居住方式', type: 'choice', required: true, options: [{ code: 'rent', title: '租住' }] },
  { key: 'rent', title: '月租金', type: 'money', required: 'mode == "rent"', visible: 'mode == "rent"', hint: '元/月' },
  { key: 'note', title: '说明', type: 'textarea', max_length: 20, hint: '可以不填' },
]

describe('fields of a schema', () => {
  it('shows a question only when its condition holds, with its unit inside the box', async () => {
    const form = mount(FormFields, { props: { fields, problems: [], name: 'f', modelValue: {} } })
    expect(form.find('#f-rent').exists()).toBe(false)
    await form.setProps({ modelValue: { mode: 'rent' } })
    expect(form.find('#f-rent').exists()).toBe(true)
    expect(form.text()).toContain('元/月')
  })
  it('tells a wrong field under itself and keeps its value', async () => {
    const problems = [{ field: 'rent', code: 'number.too_large', message: '月租金不能大于 5000' }]
    const form = mount(FormFields, {
      props: { fields, problems, name: 'f', modelValue: { mode: 'rent', rent: '6000' } },
    })
    await form.vm.$nextTick()
    expect(form.find('[role=alert]').text()).toBe('月租金不能大于 5000')
    expect((form.find('#f-rent').element as HTMLInputElement).value).toBe('6000')
  })
  it('gives every control a name', async () => {
    const form = mount(FormFields, {
      props: { fields, problems: [], name: 'f', modelValue: { mode: 'rent' } },
      attachTo: document.body,
    })
    const found = await axe.run(form.element, {
      runOnly: ['label', 'button-name', 'select-name', 'aria-input-field-name'],
    })
    expect(found.violations.map((one) => one.id)).toEqual([])
  })
})
