import { describe, expect, it } from 'vitest'
import { date, dayWithWeekday, maskIdNumber, maskPhone, moment, money, number } from './format'

describe('figures', () => {
  it('keeps every digit of money and groups it', () => {
    expect(money('1920.00')).toBe('1,920.00')
    expect(money('90071992547409931.5')).toBe('90,071,992,547,409,931.50')
    expect(money('-1234')).toBe('-1,234.00')
    expect(money(null)).toBe('—')
    expect(number(12486)).toBe('12,486')
    expect(number(0)).toBe('0')
  })
})

describe('moments are shown in Shanghai', () => {
  const now = new Date('2026-11-20T02:00:00Z')
  it('shortens those of this year', () => {
    expect(moment('2026-11-20T01:42:00Z', now)).toBe('11-20 09:42')
    expect(moment('2025-12-31T15:59:00Z', now)).toBe('2025-12-31 23:59')
    expect(moment('2025-12-31T16:00:00Z', now)).toBe('01-01 00:00')
  })
  it('leaves dates of law alone', () => {
    expect(date('2026-11-24')).toBe('2026-11-24')
    expect(date('2026-11-20T20:00:00Z')).toBe('2026-11-21')
    expect(dayWithWeekday('2026-11-24')).toBe('11月24日（周二）')
  })
})

describe('masks keep the length', () => {
  it('hides the middle', () => {
    expect(maskIdNumber('310115198801011234')).toBe('310115********1234')
    expect(maskPhone('13812346205')).toBe('138****6205')
  })
})
