/** How figures, money, areas and moments are written; empty is always a dash. */
export const EMPTY = '—'

type Figure = string | number | null | undefined

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const body = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? body : `${body}.${fraction}`
}

function isEmpty(value: Figure): value is null | undefined | '' {
  return value === null || value === undefined || value === ''
}

/** A count or measure with thousands separators: 12486 → 12,486. */
export function number(value: Figure, digits?: number): string {
  if (isEmpty(value)) return EMPTY
  const figure = Number(value)
  if (!Number.isFinite(figure)) return String(value)
  return grouped(digits === undefined ? String(value) : figure.toFixed(digits))
}

/** Money in yuan, two decimals. Strings are not turned into floats, so nothing is lost: "1920.00" → 1,920.00. */
export function money(value: Figure): string {
  if (isEmpty(value)) return EMPTY
  const text = typeof value === 'number' ? value.toFixed(2) : value.trim()
  const match = /^(-?\d+)(?:\.(\d*))?$/.exec(text)
  if (!match) return text
  return grouped(`${match[1]}.${(match[2] ?? '').padEnd(2, '0').slice(0, 2)}`)
}

/** An area in square metres, two decimals, without the unit. */
export function area(value: Figure): string {
  return money(value)
}

const SHANGHAI = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

interface Parts {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

function parts(moment: Date): Parts {
  const found: Record<string, string> = {}
  for (const part of SHANGHAI.formatToParts(moment)) found[part.type] = part.value
  return found as unknown as Parts
}

/** A date of law: 2026-11-20. Moments are turned into the day in Shanghai. */
export function date(value: string | null | undefined): string {
  if (!value) return EMPTY
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value
  const moment = new Date(value)
  if (Number.isNaN(moment.getTime())) return value
  const p = parts(moment)
  return `${p.year}-${p.month}-${p.day}`
}

/** A moment as people read it: this year 11-20 09:42, otherwise 2025-11-20 09:42. */
export function moment(value: string | null | undefined, now: Date = new Date()): string {
  if (!value) return EMPTY
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return value
  const p = parts(at)
  const short = `${p.month}-${p.day} ${p.hour}:${p.minute}`
  return p.year === parts(now).year ? short : `${p.year}-${short}`
}

/** The moment to the second, for tooltips and proofs. */
export function momentFull(value: string | null | undefined): string {
  if (!value) return EMPTY
  const p = parts(new Date(value))
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`
}

/** Day and month only: 11-20, of another year with the year. */
export function dayShort(value: string | null | undefined, now: Date = new Date()): string {
  const full = date(value)
  return full.startsWith(parts(now).year) ? full.slice(5) : full
}

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

/** 11月24日（周二） */
export function dayWithWeekday(value: string | null | undefined): string {
  const full = date(value)
  if (full === EMPTY) return EMPTY
  const [year, month, day] = full.split('-').map(Number) as [number, number, number]
  return `${month}月${day}日（${WEEKDAYS[new Date(year, month - 1, day).getDay()]}）`
}

/** Today in Shanghai as 2026-11-20. */
export function today(now: Date = new Date()): string {
  return date(now.toISOString())
}

export function percent(value: Figure, digits = 1): string {
  return isEmpty(value) ? EMPTY : `${Number(value).toFixed(digits)}%`
}

/** Bytes as 3.8 MB. */
export function bytes(value: number): string {
  if (value < 1024) return `${value} B`
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(0)} KB`
  return `${(value / 1024 / 1024).toFixed(1)} MB`
}

export function maskIdNumber(value: string): string {
  return value.length < 11 ? value : `${value.slice(0, 6)}${'*'.repeat(value.length - 10)}${value.slice(-4)}`
}

export function maskPhone(value: string): string {
  return value.length < 8 ? value : `${value.slice(0, 3)}****${value.slice(-4)}`
}
