/** The fields of a form with sections, named as its problems name them, so that a summary can lead to each. */
import type { FieldProblem } from '@anju/shared/api/errors'
import type { FormField, FormSchema, FormSection } from '@anju/shared/forms/schema'

const dashed = (path: string) => path.replaceAll('.', '-')

/** Problems whose paths are ids of inputs under a common name. */
export const asPlaces = (problems: FieldProblem[]): FieldProblem[] =>
  problems.map((one) => ({ ...one, field: dashed(one.field) }))

/** Every field of the form under the path of its input; those of a group by the group's title. */
export function placesOf(schema: FormSchema, problems: FieldProblem[]): FormField[] {
  return problems.flatMap((one) => {
    const [section, key] = one.field.split('.')
    const found = schema.sections.find((each) => each.key === section)?.fields.find((field) => field.key === key)
    return found ? [{ ...found, key: dashed(one.field) }] : []
  })
}

/** The problems of one section, by the keys of its own fields. */
export function problemsIn(section: FormSection, problems: FieldProblem[]): FieldProblem[] {
  const prefix = `${section.key}.`
  return problems
    .filter((one) => one.field.startsWith(prefix))
    .map((one) => ({ ...one, field: one.field.slice(prefix.length) }))
}
