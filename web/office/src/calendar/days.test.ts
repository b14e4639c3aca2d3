import { describe, expect, it } from 'vitest'
import { monthsOf } from './days'

describe('the calendar of a year', () => {
  it('works by the week unless a day is special', () => {
    const months = monthsOf(2026, [
      { date: '2026-10-01', kind: 'holiday', kind_title: '放假', name: '国庆节' },
      { date: '2026-10-10', kind: 'workday', kind_title: '调休上班', name: '' },
    ])
    const october = months[9]?.days ?? []
    expect(october[0]).toMatchObject({ date: '2026-10-01', weekday: 4, works: false })
    expect(october[9]?.works).toBe(true)
    expect(october[10]?.works).toBe(false)
    expect(months.flatMap((month) => month.days)).toHaveLength(365)
  })
})
