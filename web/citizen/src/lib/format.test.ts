import { describe, expect, it } from 'vitest'
import { caseNumber, dateOf, dayAndWeekday, fullDay, greeting, money } from './format'

describe('how dates and sums are said', () => {
  it('says a date with its weekday', () => {
    expect(dayAndWeekday('2031-03-20')).toBe('2031 年 3 月 20 日（周四）')
    expect(fullDay('2026-03-19')).toBe('2026 年 3 月 19 日')
  })
  it('takes moments in Shanghai time', () => {
    expect(dateOf('2026-03-01T17:30:00Z')).toBe('2026-03-02')
    expect(greeting(new Date('2026-03-02T00:30:00Z'))).toBe('上午好')
    expect(greeting(new Date('2026-03-02T11:30:00Z'))).toBe('晚上好')
  })
  it('keeps the cents of a sum to pay and drops empty ones of a rent', () => {
    expect(money('1828.5')).toBe('1,828.50')
    expect(money('1128.00', 'drop')).toBe('1,128')
  })
  it('groups a long number', () => {
    expect(caseNumber('GZ3399012026000318')).toBe('GZ339901 2026 000318')
  })
})
