/** The checks that need no server, so that a person hears them before sending; the server's word stays the last. */
import type { FieldProblem } from '../api/errors'
import { isEmpty } from './paths'
import type { FormField, FormSchema, FormValue, FormValues } from './schema'
import { holds, known, wholeForm, type Variables } from './visibility'

const VERBS: Partial<Record<FormField['type'], string>> = {
  choice: '请选',
  choices: '请选',
  division: '请选',
  date: '请选',
  boolean: '请选',
  row: '请选',
  file: '请上传',
}
const NUMERIC = new Set(['integer', 'number', 'money', 'area'])

export function isRequired(field: FormField, variables: Variables): boolean {
  return typeof field.required === 'string' ? holds(field.required, variables) : Boolean(field.required)
}

function isMissing(field: FormField, value: FormValue): boolean {
  return isEmpty(value) || (Boolean(field.agree) && value !== true)
}

function please(field: FormField): string {
  return field.agree ? `请先勾选“${field.title}”` : `${VERBS[field.type] ?? '请填'}“${field.title}”`
}

function wrongText(field: FormField, value: string): [string, string] | null {
  if (field.max_length && value.length > field.max_length) {
    return ['too_long', `最多 ${field.max_length} 个字，现有 ${value.length} 个`]
  }
  if (field.min_length && value.trim().length < field.min_length) return ['too_short', `至少 ${field.min_length} 个字`]
  if (field.pattern && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) {
    return ['pattern', field.pattern_hint || field.hint || '格式不对']
  }
  return null
}

function wrongFigure(field: FormField, value: FormValue): [string, string] | null {
  const figure = Number(value)
  const unit = field.unit ?? ''
  if (!Number.isFinite(figure)) return ['number.invalid', `${field.title}应为数字`]
  if (field.type === 'integer' && !Number.isInteger(figure))
    return ['number.not_whole', `${field.title}写成整数，例如 3`]
  if (!isEmpty(field.min) && figure < Number(field.min))
    return ['number.too_small', `${field.title}不能小于 ${field.min}${unit}`]
  if (!isEmpty(field.max) && figure > Number(field.max))
    return ['number.too_large', `${field.title}不能大于 ${field.max}${unit}`]
  return null
}

function wrong(field: FormField, value: FormValue, variables: Variables): [string, string] | null {
  if (isMissing(field, value)) return isRequired(field, variables) ? ['missing', please(field)] : null
  if (NUMERIC.has(field.type)) return wrongFigure(field, value)
  return typeof value === 'string' && field.type !== 'choice' ? wrongText(field, value) : null
}

/** The wrong places among these fields; `prefix` is the path they stand under, `whole` the other pages. */
export function checkFields(
  fields: FormField[],
  values: FormValues,
  whole: Variables = {},
  prefix = '',
): FieldProblem[] {
  const variables = known(fields, values, whole)
  const found: FieldProblem[] = []
  for (const field of fields) {
    if (field.type === 'note' || !holds(field.visible, variables)) continue
    const problem = wrong(field, values[field.key], variables)
    if (problem) found.push({ field: prefix + field.key, code: problem[0], message: problem[1] })
    if (field.type !== 'group') continue
    const rows = (values[field.key] ?? []) as FormValues[]
    rows.forEach((row, at) =>
      found.push(...checkFields(field.fields ?? [], row, whole, `${prefix}${field.key}.${at}.`)),
    )
  }
  return found
}

/** The wrong places of a whole form. */
export function checkForm(schema: FormSchema, data: FormValues): FieldProblem[] {
  const whole = wholeForm(schema, data)
  if (schema.pages) {
    return schema.sections
      .filter((section) => holds(section.visible, { form: whole }))
      .flatMap((section) =>
        checkFields(section.fields, (data[section.key] ?? {}) as FormValues, whole, `${section.key}.`),
      )
  }
  const fields = schema.sections.flatMap((section) => section.fields)
  const variables = known(fields, data)
  const hidden = schema.sections
    .filter((section) => !holds(section.visible, variables))
    .flatMap((section) => section.fields)
  return checkFields(
    fields.filter((field) => !hidden.includes(field)),
    data,
  )
}
