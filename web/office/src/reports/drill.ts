/** The way from a figure to the rows behind it. */
import { queryString } from '@anju/shared/api/client'
import type { ReportDrill, ReportFilters } from '@anju/shared/api/reports'

/** The register with the filters of a line and of values across; null where it would list other rows. */
export function leadsTo(drill: ReportDrill | null, ...parts: (ReportFilters | null)[]): string | null {
  if (!drill || parts.includes(null)) return null
  const found: ReportFilters = { ...drill.otherwise, ...drill.always, ...Object.assign({}, ...parts) }
  const filters = Object.fromEntries(Object.entries(found).map(([name, values]) => [`f.${name}`, values]))
  return `/registers/${drill.register}${queryString(filters)}`
}
