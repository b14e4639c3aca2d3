import { describe, expect, it } from 'vitest'
import { fromAddress, parameters } from './asked'

describe('what is asked of a report', () => {
  it('is in the address and comes back from it as it was', () => {
    const choice = {
      rows: ['project', 'layout'],
      column: 'status',
      measures: ['units', 'rent'],
      period: ['2026-01-01', '2026-06-30'] as [string, string],
      day: null,
      compare: 'year',
      filters: { sector: ['江湾新城', '@empty'], division: ['339901'] },
    }
    const query = parameters(choice)
    expect(query).toMatchObject({ rows: 'project,layout', columns: 'status', 'f.division': ['339901'] })
    expect(fromAddress(query as Record<string, string>)).toEqual(choice)
  })

  it('tells no columns from the report’s own, and a day from a period', () => {
    expect(parameters(fromAddress({})).columns).toBeUndefined()
    expect(fromAddress({})).toMatchObject({ rows: [], column: null, period: null, day: null, filters: {} })
    expect(parameters(fromAddress({ columns: '-' })).columns).toBe('-')
    expect(fromAddress({ columns: '-' }).column).toBe('')
    expect(fromAddress({ end: '2026-06-30' })).toMatchObject({ period: null, day: '2026-06-30' })
  })
})
