/** The checks that need no server, in the server's words, so that a person hears them before sending. */
import type { FieldProblem } from '../api/errors'
import { isEmpty } from './paths'
import type { FormField, FormSchema, FormValue, FormValues } from './schema'
import { holds } from './visibility'

const CHOOSE = new Set(['choice', 'choices', 'row', 'date', 'boolean'])
const NUMERIC = new Set(['integer', 'number', 'money', 'area'])

export function isRequired(field: FormField, values: FormValues): boolean {
  return typeof field.required === 'string' ? holds(field.required, values) : Boolean(field.required)
}

function wrong(field: FormField, value: FormValue, values: FormValues): [string, string] | null {
  if (isEmpty(value)) {
    if (!isRequired(field, values)) return null
    return ['required', CHOOSE.has(field.type) ? `请选择${field.title}` : `请填写${field.title}`]
  }
  if (typeof value === 'string' && !NUMERIC.has(field.type)) {
    if (field.max_length && value.length > field.max_length) {
      return ['too_long', `最多 ${field.max_length} 个字，现有 ${value.length} 个`]
    }
    if (field.min_length && value.trim().length < field.min_length) return ['too_short', `至少 ${field.min_length} 个字`]
    if (field.pattern && !new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) {
      return ['pattern', field.hint ? `格式不对，${field.hint}` : '格式不对']
    }
  }
  if (NUMERIC.has(field.type)) {
    const figure = Number(value)
    if (!Number.isFinite(figure)) return ['number', '应为数字']
    if (field.type === 'integer' && !Number.isInteger(figure)) return ['integer', '应为整数']
    if (field.min !== null && field.min !== undefined && figure < Number(field.min)) return ['too_small', `不能小于 ${field.min}`]
    if (field.max !== null && field.max !== undefined && figure > Number(field.max)) return ['too_large', `不能大于 ${field.max}`]
  }
  return null
}

/** The wrong places among these fields; `prefix` is the path they stand under. */
export function checkFields(fields: FormField[], values: FormValues, all: FormValues = values, prefix = ''): FieldProblem[] {
  const found: FieldProblem[] = []
  for (const field of fields) {
    if (!holds(field.visible, { ...all, ...values })) continue
    const problem = wrong(field, values[field.key], { ...all, ...values })
    if (problem) found.push({ field: prefix + field.key, code: problem[0], message: problem[1] })
  }
  return found
}

/** The wrong places of a form whose values are flat, as registers' and outcomes' forms are. */
export function checkForm(schema: FormSchema, values: FormValues): FieldProblem[] {
  return schema.sections
    .filter((section) => holds(section.visible, values))
    .flatMap((section) => checkFields(section.fields, values))
}
