import type { ReportTable } from '@anju/shared/api/reports'
import { describe, expect, it } from 'vitest'
import { inLines, optionOf } from './chart'

describe('the names on the axis of a report', () => {
  it('are whole: what does not fit goes into a second line', () => {
    const rows = [{ keys: { month: '2026-11' }, titles: ['2026年11月（至29日）'], values: { units: 898 } }]
    const measures = [{ key: 'units', title: '房源套数', unit: '套', places: 0 }]
    const table = { rows, measures } as unknown as ReportTable
    const axis = optionOf(table, 'line').xAxis as { axisLabel: Record<string, unknown> }
    expect(axis.axisLabel.overflow).toBe('break')
    expect(axis.axisLabel.formatter).toBe(inLines)
    expect(inLines('2026年11月（至29日）')).toBe('2026年11月\n（至29日）')
    expect(inLines('2026年10月')).toBe('2026年10月')
    expect(inLines('（未填）')).toBe('（未填）')
  })
})
