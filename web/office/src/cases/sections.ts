/** The sections down a case page: those of its form, then what the checks and the course of the case add. */
import type { CaseView } from '@anju/shared/api/cases'
import type { FormField, FormSection, FormValues } from '@anju/shared/forms/schema'
import { holds, known, wholeForm } from '@anju/shared/forms/visibility'

export interface PageSection {
  key: string
  title: string
  count: number
  tone: '' | 'ok' | 'bad' | 'wait'
}

/** The fields whose values the server masks. */
const MASKED = new Set(['id_number', 'document_number', 'phone'])

export const isMasked = (field: FormField) => MASKED.has(field.type)

const FIGURES = new Set(['money', 'area', 'number', 'integer'])

/** Whether a field's values stand at the right of their column. */
export const isFigure = (field: FormField) => FIGURES.has(field.type)

/** The shortest reason for which a case's masked value is shown. */
export const REVEAL_REASON_MIN = 5

/** Who applies: a household by its applicant, or an organisation. */
export const applicantOf = (view: CaseView) => (view.type.filed ? view.household.name : `${view.household.name}户`)

/** What a case is called: a household's by who applies, an organisation's by its matter, of which it may have many. */
export const calledOf = (view: CaseView) => (view.type.filed ? view.title : applicantOf(view))

const UNSHOWN = new Set(['note', 'file'])

/** Fields that say something to a reader: no notices, no ticked boxes, no files (they are in the viewer). */
export function readable(section: FormSection): FormField[] {
  return section.fields.filter((field) => !UNSHOWN.has(field.type) && !field.agree)
}

export function valuesOf(view: CaseView, section: FormSection): FormValues {
  const inside = view.form.data[section.key]
  return inside && typeof inside === 'object' && !Array.isArray(inside) ? inside : view.form.data
}

export function formSections(view: CaseView): FormSection[] {
  const { schema, data } = view.form
  const whole = wholeForm({ ...schema, pages: true }, data)
  return schema.sections.filter((section) => {
    const values = valuesOf(view, section)
    const fields = readable(section).filter((field) => holds(field.visible, known(section.fields, values, whole)))
    const open = view.task?.editable?.includes(section.key)
    return (fields.length > 0 || open) && holds(section.visible, { form: whole })
  })
}

export function sectionsOf(view: CaseView): PageSection[] {
  const found: PageSection[] = []
  const add = (key: string, title: string, count = 0, tone: PageSection['tone'] = '') =>
    found.push({ key, title, count, tone })
  if (view.notices?.length || view.fail || view.deletion) add('notices', '提示', 1, 'wait')
  for (const section of formSections(view)) add(`form-${section.key}`, section.title)
  if (view.checks.length) {
    const bad = view.checks.filter((check) => check.passed === false || check.state === 'mismatched').length
    const open = view.checks.filter((check) => check.state === 'failed').length
    add('checks', '信息核查', bad || open, bad ? 'bad' : open ? 'wait' : 'ok')
  }
  if (view.housing) add('housing', '住房面积', 0, view.housing.passed ? 'ok' : 'bad')
  if (view.publicity?.length) add('publicity', '公示', view.publicity.length)
  if (view.supplements.length) add('supplements', '补件', view.supplements.length)
  if (view.documents.length || view.print_list.length) add('documents', '文书', view.documents.length)
  return found
}
