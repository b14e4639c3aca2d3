/** How a figure moved against the compared time: figures in percent of themselves, rates in points. */
import type { ReportMeasure } from '@anju/shared/api/reports'
import { EMPTY, number } from '@anju/shared/format'

type Figure = string | number | null | undefined

export function change(measure: ReportMeasure, now: Figure, before: Figure): string {
  if (now === null || now === undefined || before === null || before === undefined) return EMPTY
  const difference = Number(now) - Number(before)
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : ''
  if (measure.unit === '%') return `${sign}${Math.abs(difference).toFixed(1)} 点`
  if (Number(before) === 0) return difference === 0 ? '0.0%' : EMPTY
  return `${sign}${Math.abs((difference / Number(before)) * 100).toFixed(1)}%`
}

/** A figure as the table has it. */
export const shown = (value: Figure): string => (value === null || value === undefined ? EMPTY : number(value))
