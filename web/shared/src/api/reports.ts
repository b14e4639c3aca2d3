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

export interface ReportMeasure extends ReportName {
  unit: string
  places: number
}

export interface ReportLine {
  keys: Record<string, string | number | null>
  titles: string[]
  values: Record<string, string | number | null>
  cells?: Record<string, Record<string, string | number | null>>
}

export interface ReportTable {
  key: string
  title: string
  note: string
  chart: string
  dimensions: ReportName[]
  columns: (ReportName & { values: { code: string; title: string }[] })[]
  measures: ReportMeasure[]
  available: { dimensions: ReportName[]; measures: ReportMeasure[]; time: 'period' | 'day' | '' }
  /** the days that are counted, where a period was asked for or the report opens with one */
  period: [string, string] | null
  rows: ReportLine[]
  totals: { values: Record<string, string | number | null> }
  compared: {
    title: string
    start: string | null
    end: string
    rows: ReportLine[] | null
    totals: { values: Record<string, string | number | null> } | null
  } | null
  /** `otherwise`: values of filters of which a line says nothing */
  drill: { register: string; filters: Record<string, string>; otherwise: Record<string, string[]> } | null
  at: string
}
