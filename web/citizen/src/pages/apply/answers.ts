/** The answers of a draft, page by page, as the last look shows them. */
import type { Application, FilledPage, PageFault, Values } from '../../api/types'
import type { FormValues } from '@anju/shared/forms/schema'
import { wholeForm, type Variables } from '@anju/shared/forms/visibility'
import { rowHeading, rowsOf, said, shownFields, type OptionsOf } from '../../forms/logic'
import type { Field, Schema, Section } from '../../forms/schema'

export interface Line {
  label: string
  value: string
}
export interface AnswerCard {
  key: string
  title: string
  lines: Line[]
  faults: string[]
}

const TITLES: Record<string, string> = {
  place: '在哪里申请',
  members: '一起申请的人',
  housing: '现在的住房',
  property: '家庭资产',
  form: '申请人情况',
}

function linesOf(fields: Field[], values: Values, whole: Variables, optionsOf: OptionsOf): Line[] {
  return shownFields(fields, values, whole)
    .filter((field) => field.type !== 'note')
    .flatMap((field) => {
      if (field.type === 'group') return groupLines(field, values, optionsOf)
      const value = said(field, values[field.key], optionsOf)
      return value ? [{ label: field.title, value }] : []
    })
}

function groupLines(field: Field, values: Values, optionsOf: OptionsOf): Line[] {
  const rows = rowsOf(values[field.key])
  if (!rows.length) return [{ label: field.title, value: '没有' }]
  return rows.map((row, index) => {
    const { title, about } = rowHeading(field, row, index, optionsOf)
    return { label: title, value: about || '已填' }
  })
}

function cardOf(
  section: Section,
  values: Values,
  whole: Variables,
  faults: PageFault[],
  optionsOf: OptionsOf,
): AnswerCard {
  const rows = rowsOf(values[section.key])
  const count = section.key === 'members' && rows.length ? `（${rows.length} 人）` : ''
  return {
    key: section.key,
    title: (TITLES[section.key] ?? section.title) + count,
    lines: linesOf(section.fields, values, whole, optionsOf),
    faults: faults.filter((fault) => fault.page === section.key).map((fault) => fault.message),
  }
}

/** One card a page; pages that are only read and agreed to are left out unless something is wrong there. */
export function summarise(
  schema: Schema,
  application: Application,
  faults: PageFault[],
  optionsOf: OptionsOf,
): AnswerCard[] {
  const dataOf = (key: string): Values =>
    application.draft?.pages[key as FilledPage]?.data ?? application.prefill[key as FilledPage] ?? {}
  const data = Object.fromEntries(schema.sections.map((section) => [section.key, dataOf(section.key)]))
  const whole = wholeForm({ ...schema, pages: true }, data as FormValues)
  return schema.sections
    .filter((section) => section.key !== 'materials')
    .map((section) => cardOf(section, dataOf(section.key), whole, faults, optionsOf))
    .filter((card) => TITLES[card.key] || card.faults.length)
}
