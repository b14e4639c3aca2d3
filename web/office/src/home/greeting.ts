/** The greeting of the hour and the day in words, in Shanghai. */
import { date, dayWithWeekday, today } from '@anju/shared/format'

export function greeting(now: Date = new Date()): string {
  const hour = Number(
    new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', hour: '2-digit', hourCycle: 'h23' }).format(now),
  )
  if (hour < 6) return '夜深了'
  if (hour < 12) return '上午好'
  return hour < 18 ? '下午好' : '晚上好'
}

greeting.day = (now: Date = new Date()): string => dayWithWeekday(date(today(now)))
