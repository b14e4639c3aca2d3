import type { FormSection as Section } from '@anju/shared/forms/schema'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import FormSection from './FormSection.vue'

const section = {
  key: 'members',
  title: '家庭成员',
  fields: [
    { key: 'phone', title: '手机', type: 'phone' },
    {
      key: 'members',
      title: '成员',
      type: 'group',
      fields: [
        { key: 'name', title: '姓名', type: 'person_name' },
        { key: 'document_number', title: '证件号码', type: 'id_number' },
      ],
    },
  ],
} as unknown as Section
const values = {
  phone: '139****0001',
  members: [
    { name: '周晓芳', document_number: '339901********0026' },
    { name: '何秀兰', document_number: '339901********0042' },
  ],
}

const shown = (reveal: ((path: string, reason: string) => Promise<string>) | null) =>
  mount(FormSection, { attachTo: document.body, props: { section, values, whole: {}, reveal } })

afterEach(() => (document.body.innerHTML = ''))

it('has no eye for who may not lift the mask', () => {
  const page = shown(null)
  expect(page.text()).toContain('339901********0026')
  expect(page.findAll('.eye')).toHaveLength(0)
})

it('asks a reason of five characters and shows this one value only', async () => {
  const reveal = vi.fn().mockResolvedValue('339901198801010042')
  const page = shown(reveal)
  expect(page.findAll('.eye')).toHaveLength(3)
  await page.findAll('.eye')[2]!.trigger('click')
  await flushPromises()
  const form = () => [...document.querySelectorAll('form')].at(-1)!
  const write = async (words: string) => {
    const input = form().querySelector('input')!
    input.value = words
    input.dispatchEvent(new Event('input'))
    form().dispatchEvent(new Event('submit'))
    await flushPromises()
  }
  await write('看一下')
  expect(reveal).not.toHaveBeenCalled()
  expect(form().textContent).toContain('至少 5 个字')
  await write('核对申请材料')
  expect(reveal).toHaveBeenCalledWith('members.members.1.document_number', '核对申请材料')
  expect(page.text()).toContain('339901198801010042')
  expect(page.text()).toContain('339901********0026')
})
