import { mount, RouterLinkStub } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import Cell from './Cell.vue'

const column = { key: 'subject', title: '对象', type: 'subject' } as const
function cell(told: unknown) {
  const row = { id: 1, subject: 'supply.units:7,8', subject_told: told } as never
  return mount(Cell, { props: { column, row }, global: { stubs: { RouterLink: RouterLinkStub } } })
}

describe('what a record is about', () => {
  it('is said in words, with a link only to rows that the reader may see', () => {
    const page = '/registers/supply.units?row=7'
    const rows = [
      { name: '人民路 1 号', page },
      { name: '8', page: '' },
    ]
    const wrapper = cell({ title: '房源', rows, more: '等多套', rest: '' })
    expect(wrapper.text().replace(/\s+/g, ' ')).toBe('房源人民路 1 号、8等多套')
    const links = wrapper.findAllComponents(RouterLinkStub)
    expect(links.map((link) => [link.text(), link.props('to')])).toEqual([['人民路 1 号', page]])
  })
  it('is a dash where nothing is named, and never the mark itself', () => {
    expect(cell(null).text()).toBe('—')
    expect(cell({ title: '密钥', rows: [], more: '', rest: '' }).text()).toBe('密钥')
  })
})
