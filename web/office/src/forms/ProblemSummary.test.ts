import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ProblemSummary from './ProblemSummary.vue'

it('names each field once', () => {
  const fields = [
    { key: 'floor', title: '楼层', type: 'integer' as const },
    { key: 'code', title: '房源编码', type: 'text' as const },
  ]
  const problems = [
    { field: 'floor', code: 'missing', message: '请填“楼层”' },
    { field: 'code', code: 'too_long', message: '最多 40 个字，现有 41 个' },
  ]
  const shown = mount(ProblemSummary, { props: { problems, fields, name: 'row' } })
  const told = shown.findAll('li').map((one) => one.text())
  expect(told).toEqual(['请填“楼层”', '房源编码：最多 40 个字，现有 41 个'])
})
