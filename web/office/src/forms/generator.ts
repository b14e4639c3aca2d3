/** The rows of a table made floor by floor: the same rooms on each floor from one to another. */
import type { FormValues, RowGenerator } from '@anju/shared/forms/schema'

const NAME = /\{(\w+)(?::(\d))?\}/g
const whole = (answers: FormValues, key: string) => Math.trunc(Number(answers[key] ?? 0)) || 0

/** How many rooms each floor has, as far as that is told yet. */
export const placesIn = (by: RowGenerator, answers: FormValues) => whole(answers, by.places)

/** How many floors there are; none where the last lies below the first. */
export const floorsIn = (by: RowGenerator, answers: FormValues) =>
  Math.max(0, whole(answers, by.floors[1]) - whole(answers, by.floors[0]) + 1)

/** The rows; `alike` has what the first room of each floor has in common, the second, and so on. */
export function generated(by: RowGenerator, answers: FormValues, alike: FormValues[]): FormValues[] {
  const first = whole(answers, by.floors[0])
  return Array.from({ length: floorsIn(by, answers) }, (_, up) => first + up).flatMap((floor) =>
    Array.from({ length: placesIn(by, answers) }, (_, at) => {
      const known: FormValues = { ...answers, floor, place: at + 1 }
      const read = (pattern: string) =>
        pattern.replace(NAME, (_all, name: string, digits?: string) =>
          String(known[name] ?? '').padStart(Number(digits ?? 0), '0'),
        )
      const told = Object.fromEntries(Object.entries(by.row).map(([column, pattern]) => [column, read(pattern)]))
      return { ...told, ...Object.fromEntries(by.alike.map((column) => [column, alike[at]?.[column] ?? null])) }
    }),
  )
}
