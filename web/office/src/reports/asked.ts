/** What is asked of a report, as the address of its page keeps it. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export interface Choice {
  rows: string[]
  /** null: as the report has it; empty: none */
  column: string | null
  measures: string[]
  period: [string, string] | null
  day: string | null
  compare: string
  filters: Record<string, string[]>
}

type Value = LocationQuery[string]
const many = (value: Value | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => Boolean(one))
const listed = (value: Value | undefined) => many(value).flatMap((one) => one.split(',').filter(Boolean))

/** What an address asks for. */
export function fromAddress(query: LocationQuery): Choice {
  const [start] = many(query.start)
  const [end] = many(query.end)
  const [column] = many(query.columns)
  return {
    rows: listed(query.rows),
    column: column === undefined ? null : column.replace(/^-$/, ''),
    measures: listed(query.measures),
    period: start && end ? [start, end] : null,
    day: start ? null : (end ?? null),
    compare: many(query.compare)[0] ?? '',
    filters: Object.fromEntries(
      Object.keys(query)
        .filter((key) => key.startsWith('f.') && many(query[key]).length)
        .map((key) => [key.slice(2), many(query[key])]),
    ),
  }
}

/** What is chosen, as parameters of the address and of the question to the server alike. */
export function parameters(choice: Choice): Record<string, string | string[] | undefined> {
  return {
    rows: choice.rows.join(',') || undefined,
    columns: choice.column === null ? undefined : choice.column || '-',
    measures: choice.measures.join(',') || undefined,
    start: choice.period?.[0],
    end: choice.period?.[1] ?? choice.day ?? undefined,
    compare: choice.compare || undefined,
    ...Object.fromEntries(
      Object.entries(choice.filters)
        .filter(([, values]) => values.length)
        .map(([key, values]) => [`f.${key}`, values]),
    ),
  }
}

export const toAddress = (choice: Choice): LocationQueryRaw => parameters(choice)
