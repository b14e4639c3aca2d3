/** How dates, sums and counts are said to a resident. Moments come in UTC and are said in Shanghai time. */

const ZONE = 'Asia/Shanghai'
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

interface Parts {
  year: number
  month: number
  day: number
  hour: string
  minute: string
  weekday: string
}

function parts(value: string): Parts {
  const date = value.length === 10 ? new Date(`${value}T00:00:00+08:00`) : new Date(value)
  const found = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: ZONE,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  )
  const [year, month, day] = [Number(found.get('year')), Number(found.get('month')), Number(found.get('day'))]
  return {
    year,
    month,
    day,
    hour: found.get('hour') ?? '00',
    minute: found.get('minute') ?? '00',
    weekday: WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '',
  }
}

const thisYear = () => parts(new Date().toISOString()).year

/** 3 月 19 日, with the year where it is not this one. */
export function day(value: string | null | undefined): string {
  if (!value) return ''
  const { year, month, day: date } = parts(value)
  const short = `${month} 月 ${date} 日`
  return year === thisYear() ? short : `${year} 年 ${short}`
}

/** 2026 年 3 月 19 日, for what is kept for years. */
export function fullDay(value: string | null | undefined): string {
  if (!value) return ''
  const { year, month, day: date } = parts(value)
  return `${year} 年 ${month} 月 ${date} 日`
}

/** 3 月 19 日（周四）. */
export function dayAndWeekday(value: string | null | undefined): string {
  return value ? `${day(value)}（${parts(value).weekday}）` : ''
}

/** 3 月 2 日（周一）10:58. */
export function moment(value: string | null | undefined): string {
  return value ? `${dayAndWeekday(value)}${clock(value)}` : ''
}

/** 10:58. */
export function clock(value: string): string {
  const { hour, minute } = parts(value)
  return `${hour}:${minute}`
}

/** The day of a moment in Shanghai, as YYYY-MM-DD. */
export function dateOf(value: string): string {
  const { year, month, day: date } = parts(value)
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** Month and day for the little calendar leaf. */
export function leaf(value: string): { month: string; day: string; weekday: string } {
  const found = parts(value)
  return { month: `${found.month} 月`, day: String(found.day), weekday: found.weekday }
}

/** 上午好 by the hour in Shanghai. */
export function greeting(now: Date = new Date()): string {
  const hour = Number(parts(now.toISOString()).hour)
  if (hour < 5) return '夜深了'
  if (hour < 12) return '上午好'
  if (hour < 18) return '下午好'
  return '晚上好'
}

/** 1,128 (whole) or 828.50: a monthly rent drops empty cents, a sum to pay keeps them. */
export function money(value: string | number, cents: 'keep' | 'drop' = 'keep'): string {
  const number = Number(value)
  const digits = cents === 'drop' && Number.isInteger(number) ? 0 : 2
  return number.toLocaleString('zh-CN', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** 1 到 2 digits behind the point, none where they are zero: 56.3, 50. */
export function area(value: string | number): string {
  return Number(value).toLocaleString('zh-CN', { maximumFractionDigits: 2 })
}

/** GZ3399 2026 000318: a long number in groups, so that it can be read out. */
export function caseNumber(value: string): string {
  return value.replace(/^([A-Z]{2}\d{4,6})(\d{4})(\d{4,})$/, '$1 $2 $3')
}
