/** Conditions of a schema, in CEL, evaluated as the server does: an expression that cannot be evaluated counts as false. */
import { Environment } from '@marcbachmann/cel-js'
import type { FormValue, FormValues } from './schema'

type Parsed = (variables: Record<string, unknown>) => unknown

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

export function holds(expression: string | null | undefined, values: FormValues): boolean {
  if (!expression) return true
  const parsed = compile(expression)
  if (!parsed) return false
  try {
    return parsed(typed(values) as Record<string, unknown>) === true
  } catch {
    return false
  }
}
