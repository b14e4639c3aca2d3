import { describe, expect, it } from 'vitest'
import { change } from './change'

const units = { key: 'units', title: '套数', unit: '套', places: 0 }
const rate = { key: 'rate', title: '出租率', unit: '%', places: 1 }

describe('how a figure moved', () => {
  it('is told in percent of what it was, and for rates in points', () => {
    expect(change(units, 107, 100)).toBe('+7.0%')
    expect(change(units, '93', '100')).toBe('−7.0%')
    expect(change(rate, '92.6', '90.8')).toBe('+1.8 点')
    expect(change(units, 5, 5)).toBe('0.0%')
  })

  it('is not told where nothing can be compared', () => {
    expect(change(units, 5, null)).toBe('—')
    expect(change(units, 5, 0)).toBe('—')
    expect(change(rate, null, '90.8')).toBe('—')
  })
})
