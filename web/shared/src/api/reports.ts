export interface ReportRow {
  key: string
  title: string
  group: string
  path: string
}

export interface ReportName {
  key: string
  title: string
}

export interface ReportDimension extends ReportName {
  dictionary: string | null
  /** months of a day: chosen by a period, not by their names */
  monthly: boolean
}

/** Filters of a register that lead to the rows behind something; null where none do. */
export type ReportFilters = Record<string, string[]>

export interface ReportColumn extends ReportDimension {
  values: { code: string | number | null; title: string; filters: ReportFilters | null }[]
}

export interface ReportDrill {
  register: string
  /** what holds for every line, and what is left out where a line says nothing of it */
  always: ReportFilters
  otherwise: ReportFilters
}

export interface ReportMeasure extends ReportName {
  unit: string
  places: number
}

export type ReportValues = Record<string, string | number | null>

export interface ReportLine {
  keys: Record<string, string | number | null>
  titles: string[]
  values: ReportValues
  filters: ReportFilters | null
  cells?: Record<string, ReportValues>
}

export interface ReportTotals {
  title: string
  values: ReportValues
  cells?: Record<string, ReportValues>
}

export interface ReportTable {
  key: string
  title: string
  note: string
  chart: string
  dimensions: ReportDimension[]
  columns: ReportColumn[]
  measures: ReportMeasure[]
  available: { dimensions: ReportDimension[]; measures: ReportMeasure[]; time: 'period' | 'day' | '' }
  /** the days that are counted, where a period was asked for or the report opens with one */
  period: [string, string] | null
  rows: ReportLine[]
  totals: ReportTotals
  compared: {
    title: string
    start: string | null
    end: string
    rows: ReportLine[] | null
    totals: ReportTotals | null
  } | null
  /** null where the register cannot list what was counted, such as what stood on an earlier day */
  drill: ReportDrill | null
  at: string
}
