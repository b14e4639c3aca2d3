/** Conditions of a schema, in CEL, over the same variables that the server gives them. */
import { Environment } from '@marcbachmann/cel-js'
import { today } from '../format'
import type { FormField, FormSchema, FormValue, FormValues } from './schema'

type Parsed = (variables: Record<string, unknown>) => unknown
export type Variables = Record<string, FormValue>

const NUMERIC = new Set(['number', 'money', 'area'])
const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
const compiled = new Map<string, Parsed | null>()

function compile(text: string): Parsed | null {
  if (!compiled.has(text)) {
    try {
      compiled.set(text, environment.parse(text) as Parsed)
    } catch {
      compiled.set(text, null)
    }
  }
  return compiled.get(text) ?? null
}

/** Whole numbers are integers in CEL, so that `size == 3` holds for a count that came as JSON. */
function typed(value: FormValue): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(typed)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typed(one)]))
  }
  return value === undefined ? null : value
}

/** Whether a condition holds; one that cannot be evaluated counts as not fulfilled. */
export function holds(expression: string | null | undefined, variables: Variables): boolean {
  if (!expression) return true
  const parsed = compile(expression)
  if (!parsed) return false
  try {
    return parsed(typed(variables) as Record<string, unknown>) === true
  } catch {
    return false
  }
}

function variable(field: FormField, value: FormValue): FormValue {
  if (field.type === 'group') {
    return (Array.isArray(value) ? value : []).map((row) => answers(field.fields ?? [], row as FormValues))
  }
  if (value === null || value === undefined || value === '') {
    return field.type === 'choices' || field.type === 'file' ? [] : null
  }
  return NUMERIC.has(field.type) ? Number(value) : value
}

/** The answers of a level as conditions see them, null for none. */
export function answers(fields: FormField[], values: FormValues | undefined): Variables {
  return Object.fromEntries(
    fields.filter((field) => field.type !== 'note').map((field) => [field.key, variable(field, values?.[field.key])]),
  )
}

/** Everything a condition beside these fields may name: the answers of the level, `form` and `today`. */
export function known(fields: FormField[], values: FormValues | undefined, whole: Variables = {}): Variables {
  return { ...answers(fields, values), form: whole, today: today() }
}

/** All pages as `form`. */
export function wholeForm(schema: FormSchema, data: FormValues): Variables {
  if (!schema.pages) return {}
  return Object.fromEntries(
    schema.sections.map((section) => [
      section.key,
      answers(section.fields, data[section.key] as FormValues | undefined),
    ]),
  )
}
