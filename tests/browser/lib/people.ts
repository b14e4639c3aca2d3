/** Invented people: a document number whose digits tell the sandbox what the departments know of the person. */
import { randomInt } from 'node:crypto'

export const PASSWORD = 'tulip-River-2026'
export const STAFF_PASSWORD = 'Anju-2026-demo'

export interface Person {
  name: string
  phone: string
  idNumber: string
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** An identity number with a right check digit. */
export function identityNumber(division: string, birth: string, serial: string): string {
  const body = `${division}${birth}${serial}`
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at] ?? 0), 0)
  return body + '10X98765432'[sum % 11]
}

/** Somebody new: single, insured without gaps, and by `housing` 0 without a home, 5 with a large one. */
export function somebody(name: string, housing = 0): Person {
  const birth = new Date(Date.UTC(1984, 0, 1 + randomInt(6500))).toISOString().slice(0, 10).replaceAll('-', '')
  return {
    name,
    phone: `139${String(randomInt(100_000_000)).padStart(8, '0')}`,
    idNumber: identityNumber('339901', birth, `${housing}0${randomInt(4)}`),
  }
}
