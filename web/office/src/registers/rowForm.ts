/** What a form sends: only what was changed, so that two people changing different fields do not meet. */
import type { FormField, FormValue, FormValues } from '@anju/shared/forms/schema'
import { isEmpty } from '@anju/shared/forms/paths'

export function same(a: FormValue, b: FormValue): boolean {
  if (isEmpty(a) && isEmpty(b)) return true
  return typeof a === 'object' || typeof b === 'object'
    ? JSON.stringify(a) === JSON.stringify(b)
    : String(a) === String(b)
}

export function changed(before: FormValues, after: FormValues): FormValues {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => !same(before[key], value)))
}

export function initialValues(fields: FormField[]): FormValues {
  return Object.fromEntries(fields.map((field) => [field.key, field.default ?? null]))
}

/** The fields in which two versions differ. */
export function differing(fields: FormField[], current: FormValues, mine: FormValues): FormField[] {
  return fields.filter((field) => !same(current[field.key], mine[field.key]))
}
