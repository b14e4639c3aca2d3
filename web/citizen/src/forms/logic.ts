/** What of a form is shown, what is missing, and how an answer is said; the server's own checks come on top. */
import { checkFields } from '@anju/shared/forms/check'
import type { FormValues } from '@anju/shared/forms/schema'
import { holds, known, type Variables } from '@anju/shared/forms/visibility'
import type { FieldProblem, Values } from '../api/types'
import { area, fullDay, money } from '../lib/format'
import type { Field, Option, Row, Section } from './schema'

export function rowsOf(value: unknown): Row[] {
  return Array.isArray(value) ? (value as Row[]) : []
}

/** The questions that are asked, given the answers beside and on the other pages. */
export function shownFields(fields: Field[], values: Values, whole: Variables): Field[] {
  const variables = known(fields, values as FormValues, whole)
  return fields.filter((field) => holds(field.visible, variables))
}

/** Every answer that the page still lacks; paths begin with the page's key, as the server's do. */
export function missing(section: Section, values: Values, whole: Variables): FieldProblem[] {
  return checkFields(section.fields, values as FormValues, whole, `${section.key}.`).filter(
    (problem) => problem.code === 'missing',
  )
}

/** What one row still lacks. */
export function missingInRow(group: Field, row: Row, whole: Variables): Field[] {
  const fields = group.fields ?? []
  const lacking = new Set(
    checkFields(fields, row as FormValues, whole)
      .filter((problem) => problem.code === 'missing')
      .map((problem) => problem.field),
  )
  return fields.filter((field) => lacking.has(field.key))
}

export type OptionsOf = (field: Field) => Option[]

/** An answer as a person reads it; empty for none. */
export function said(field: Field, value: unknown, optionsOf: OptionsOf): string {
  if (value === undefined || value === null || value === '') return ''
  const title = (code: unknown) => optionsOf(field).find((option) => option.code === code)?.title ?? String(code)
  switch (field.type) {
    case 'boolean':
      return field.agree ? '同意' : value ? '是' : '否'
    case 'choice':
    case 'division':
      return title(value)
    case 'choices':
      return Array.isArray(value) ? value.map(title).join('、') : ''
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? fullDay(value) : String(value)
    case 'money':
      return `${Number.isFinite(Number(value)) ? money(String(value), 'drop') : value} ${field.unit ?? '元'}`
    case 'area':
      return `${Number.isFinite(Number(value)) ? area(String(value)) : value} ${field.unit ?? '㎡'}`
    case 'id_number':
    case 'document_number':
      return masked(String(value))
    default:
      return field.unit ? `${value} ${field.unit}` : String(value)
  }
}

/** 3399 **** **** **24: enough to recognise one's own, too little for others. */
export function masked(number: string): string {
  if (number.length < 8) return number
  const hidden = '*'.repeat(number.length - 6)
  return (number.slice(0, 4) + hidden + number.slice(-2)).replace(/(.{4})(?=.)/g, '$1 ')
}

/** The age today that an identity number tells; empty for another document. */
export function ageOf(number: unknown, today: Date = new Date()): string {
  const found = typeof number === 'string' ? /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]$/.exec(number) : null
  if (!found) return ''
  const now = today.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
  const had = now.slice(5) >= `${found[2]}-${found[3]}`
  return `${Number(now.slice(0, 4)) - Number(found[1]) - (had ? 0 : 1)} 岁`
}

const NUMBERS = new Set(['id_number', 'document_number'])

/** A row in a few words: a person by name, relation and age, anything else by its first answers. */
export function rowHeading(
  group: Field,
  row: Row,
  index: number,
  optionsOf: OptionsOf,
): { title: string; about: string } {
  const fields = (group.fields ?? []).filter((field) => field.type !== 'note')
  const number = fields.find((field) => NUMBERS.has(field.type))
  const name = number && fields.find((field) => field.type === 'person_name' && row[field.key])
  const rest = fields.filter(
    (field) =>
      field !== name && !NUMBERS.has(field.type) && field.type !== 'phone' && field.dictionary !== 'document_type',
  )
  const told = rest.map((field) => said(field, row[field.key], optionsOf)).filter(Boolean)
  if (name) told.splice(1, 0, ...[ageOf(row[number.key])].filter(Boolean))
  const title = name ? said(name, row[name.key], optionsOf) : told.shift()
  const fallback = (group.row_title ?? '第 {n} 行').replace('{n}', String(index + 1))
  return { title: title ?? fallback, about: told.slice(0, 3).join(' · ') }
}
