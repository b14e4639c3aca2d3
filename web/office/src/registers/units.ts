/** What the figures of a column are counted in: said in the head of a table, or beside a figure that stands alone. */
import type { RegisterColumn, RegisterRow } from '@anju/shared/api/registers'

const USUAL: Record<string, string> = { money: '元', area: '㎡' }

/** The unit; none where the title names one, or where each figure carries it, as percentages do. */
function unitOf(column: RegisterColumn): string {
  const unit = column.unit ?? USUAL[column.type] ?? ''
  return unit === '%' || column.title.endsWith('）') ? '' : unit
}

/** 建筑面积（㎡）. */
export const headOf = (column: RegisterColumn): string =>
  unitOf(column) ? `${column.title}（${unitOf(column)}）` : column.title

/** What stands behind a figure outside a table; nothing behind a figure that is not there. */
export function unitBeside(column: RegisterColumn, row: RegisterRow): string {
  const value = row[column.key]
  return value === null || value === undefined || value === '' ? '' : unitOf(column)
}

const WIDE = 14
const NARROW = 8
const PADS = 26
const ARROW = 16

/** How many pixels a head needs so that none of it is cut off. */
export function widthOfHead(head: string, sortable: boolean): number {
  const words = [...head].reduce((sum, letter) => sum + (letter > '\u00ff' ? WIDE : NARROW), 0)
  return words + PADS + (sortable ? ARROW : 0)
}
