import type { RegisterColumn } from '@anju/shared/api/registers'
import { expect, it } from 'vitest'
import { headOf, unitBeside, widthOfHead } from './units'

const column = (given: Partial<RegisterColumn>): RegisterColumn => ({ key: 'x', title: '', type: 'number', ...given })

it('a head says what its figures are counted in, once', () => {
  expect(headOf(column({ title: '月租金', type: 'money', unit: '元/月' }))).toBe('月租金（元/月）')
  expect(headOf(column({ title: '原月租金', type: 'money' }))).toBe('原月租金（元）')
  expect(headOf(column({ title: '计划投资（万元）', type: 'money' }))).toBe('计划投资（万元）')
  expect(headOf(column({ title: '完成比例', unit: '%' }))).toBe('完成比例')
  expect(headOf(column({ title: '坐落', type: 'text' }))).toBe('坐落')
})

it('a figure alone has its unit beside it, and nothing has none', () => {
  const area = column({ title: '建筑面积', type: 'area' })
  expect(unitBeside(area, { id: 1, x: '38.72' })).toBe('㎡')
  expect(unitBeside(area, { id: 1, x: null })).toBe('')
})

it('no head is cut off', () => {
  expect(widthOfHead('建筑面积（㎡）', false)).toBeGreaterThanOrEqual(7 * 14 + 24)
})
