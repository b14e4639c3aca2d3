/** A year as months of days, each knowing whether it is worked: by the week unless it is special. */
export interface SpecialDay {
  date: string
  kind: 'holiday' | 'workday'
  kind_title: string
  name: string
}

export interface Day {
  date: string
  number: number
  /** 1 is Monday. */
  weekday: number
  first: boolean
  works: boolean
  special: SpecialDay | undefined
}

export function monthsOf(year: number, special: SpecialDay[]): { title: string; days: Day[] }[] {
  const known = new Map(special.map((one) => [one.date, one]))
  return Array.from({ length: 12 }, (_, month) => ({
    title: `${month + 1} 月`,
    days: Array.from({ length: new Date(Date.UTC(year, month + 1, 0)).getUTCDate() }, (_, n) => {
      const at = new Date(Date.UTC(year, month, n + 1))
      const date = at.toISOString().slice(0, 10)
      const weekday = at.getUTCDay() || 7
      const found = known.get(date)
      return {
        date,
        number: n + 1,
        weekday,
        first: n === 0,
        special: found,
        works: found ? found.kind === 'workday' : weekday < 6,
      }
    }),
  }))
}
