/** Reading and writing at a path such as `members.2.id_number`. */
import type { FormValue, FormValues } from './schema'

export function valueAt(values: FormValue, path: string): FormValue {
  let here: FormValue = values
  for (const part of path.split('.')) {
    if (here === null || typeof here !== 'object') return undefined
    here = Array.isArray(here) ? here[Number(part)] : here[part]
  }
  return here
}

/** A copy with one place changed; what is missing on the way is made. */
export function withValue(values: FormValues, path: string, value: FormValue): FormValues {
  return placed(values, path.split('.'), value) as FormValues
}

function placed(here: FormValue, parts: string[], value: FormValue): FormValue {
  const [part, ...rest] = parts
  if (part === undefined) return value
  if (Array.isArray(here)) return here.map((one, at) => (String(at) === part ? placed(one, rest, value) : one))
  const known = here !== null && typeof here === 'object' ? here : {}
  return { ...known, [part]: placed(known[part], rest, value) }
}

export function isEmpty(value: FormValue): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0
}
