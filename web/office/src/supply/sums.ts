/** Running sums of a split in whole fen and whole hundredths of a square metre, so that nothing is lost in floating point. */
export interface Part {
  room_no: string
  layout: string
  floor_area: string
  rent: string
}

/** 46.35 as 4635; null for what is no number with at most two places. */
export function hundredths(text: string): number | null {
  const found = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(text.trim())
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

export const written = (value: number) =>
  `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`

/** What is still missing of a whole; negative when the parts are too much. */
export function left(whole: string, parts: Part[], key: 'floor_area' | 'rent'): number {
  return (hundredths(whole) ?? 0) - parts.reduce((sum, part) => sum + (hundredths(part[key]) ?? 0), 0)
}

/** Two or more equal parts; what cannot be divided goes to the last. */
export function halved(whole: string, count: number): string[] {
  const total = hundredths(whole) ?? 0
  const each = Math.floor(total / count)
  return Array.from({ length: count }, (_, at) => written(at < count - 1 ? each : total - each * (count - 1)))
}
