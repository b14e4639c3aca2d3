/** The picture of a report: its first measure and what shares the axis with it, by the lines of the table. */
import type { ReportTable } from '@anju/shared/api/reports'
import { shown } from './change'

const COLOURS = ['--aj-data-1', '--aj-data-2', '--aj-data-3', '--aj-data-4', '--aj-data-5', '--aj-data-6']

export function optionOf(now: ReportTable, drawing: 'bar' | 'line'): Record<string, unknown> {
  const [first] = now.measures
  // one axis carries one unit; what has another unit is in the table
  const drawn = now.measures.filter((measure) => measure.unit === first?.unit || measure.unit === '%')
  const series = drawn.map((measure, n) => ({
    name: measure.title,
    type: measure.unit === '%' ? 'line' : drawing,
    symbol: 'diamond',
    symbolSize: 8,
    lineStyle: { width: measure.unit === '%' && drawing === 'bar' ? 0 : 2 },
    barMaxWidth: 26,
    yAxisIndex: measure.unit === '%' && first?.unit !== '%' ? 1 : 0,
    color: COLOURS[n % COLOURS.length],
    data: now.rows.map((line) => line.values[measure.key]),
  }))
  const past = pastOf(now)
  const compared =
    now.compared?.rows && first
      ? [
          {
            name: `${first.title}（${now.compared.title}）`,
            type: drawing,
            barMaxWidth: 26,
            color: '--aj-data-compare',
            data: now.rows.map((line) => past(line)?.values[first.key] ?? null),
          },
        ]
      : []
  return {
    grid: { left: 16, right: 16, top: 56, bottom: 14, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    legend: { type: 'scroll', left: 'right', top: 6, padding: [5, 16] },
    tooltip: { trigger: 'axis', confine: true, valueFormatter: (value: unknown) => shown(value as number | null) },
    xAxis: {
      type: 'category',
      data: now.rows.map((line) => line.titles.join(' ')),
      axisTick: { show: false },
      axisLabel: { hideOverlap: true, width: 92, overflow: 'break', formatter: inLines },
    },
    yAxis: [
      { type: 'value', name: first?.unit ?? '', nameTextStyle: { align: 'right' } },
      {
        type: 'value',
        show: series.some((one) => one.yAxisIndex === 1),
        splitLine: { show: false },
        axisLabel: { formatter: '{value}%' },
      },
    ],
    series: [...compared, ...series],
  }
}

/** A name on the axis: what stands in brackets behind it has a line of its own. */
export function inLines(name: string): string {
  return name.replace(/(.)（/, '$1\n（')
}

type Line = Pick<ReportTable['rows'][number], 'keys'>
const named = (line: Line) => JSON.stringify(Object.values(line.keys))

/** Finds the line of the compared time that stands beside a line. */
export function pastOf(now: ReportTable): (line: Line) => ReportTable['rows'][number] | undefined {
  const past = new Map(now.compared?.rows?.map((line) => [named(line), line]))
  return (line) => past.get(named(line))
}
