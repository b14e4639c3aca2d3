/** The unit that stands inside a figure's box. Registers give it as the hint, such as 元/㎡·月. */
import type { FormField } from '@anju/shared/forms/schema'

const FIGURES = new Set(['integer', 'number', 'money', 'area'])
const UNIT = /^[元㎡%年月日天套户人间层米个件/·\s]{1,8}$/u

export function unitOf(field: FormField): string {
  if (field.unit) return field.unit
  if (FIGURES.has(field.type) && field.hint && UNIT.test(field.hint)) return field.hint
  return field.type === 'money' ? '元' : field.type === 'area' ? '㎡' : ''
}

/** The hint under the box, unless it is the unit already shown inside. */
export function hintOf(field: FormField): string {
  return field.hint && field.hint !== unitOf(field) ? field.hint : ''
}
