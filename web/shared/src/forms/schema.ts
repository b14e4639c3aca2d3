/** The shape of a form: sections of fields, from the same JSON that the server checks with. */
export type FormValue = string | number | boolean | null | undefined | FormValue[] | { [key: string]: FormValue }
export type FormValues = Record<string, FormValue>

export type FieldType =
  | 'text'
  | 'textarea'
  | 'integer'
  | 'number'
  | 'money'
  | 'area'
  | 'date'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'id_number'
  | 'document_number'
  | 'phone'
  | 'person_name'
  | 'division'
  | 'file'
  | 'group'
  | 'note'
  /** A row of another register; in registers' own forms only. */
  | 'row'

export interface FormField {
  key: string
  title: string
  type: FieldType
  /** Yes, no, or a condition in CEL. */
  required?: boolean | string
  visible?: string | null
  hint?: string
  help?: string
  text?: string
  dictionary?: string | null
  options?: { code: string; title: string }[]
  default?: FormValue
  min?: number | string | null
  max?: number | string | null
  min_length?: number | null
  max_length?: number | null
  pattern?: string | null
  pattern_hint?: string
  unit?: string
  /** Filled in by the server: shown, never asked. */
  derived?: boolean
  /** A box that must be ticked. */
  agree?: boolean
  width?: 'half' | 'full'
  /** Of a register's field: entered when the row is made, never changed. */
  fixed?: boolean
  register?: string
  /** Of a group: its questions and the name of a row, with {n}. */
  fields?: FormField[]
  row_title?: string
  /** Of a group: where its rows are read from a spreadsheet, and which columns are added up. */
  sheet?: string
  sums?: string[]
  /** Of a group: how its rows are filled in floor by floor. */
  generator?: RowGenerator
}

/** `fields` are asked once, `alike` columns for each room of a floor; `row` says how the other columns read. */
export interface RowGenerator {
  title: string
  fields: FormField[]
  floors: [from: string, to: string]
  places: string
  alike: string[]
  row: Record<string, string>
}

/** The rows that a spreadsheet holds for a table, and what is wrong with them; `at` counts the rows from 0. */
export interface SheetRead {
  rows: FormValues[]
  problems: SheetProblem[]
  /** How many rows something is wrong with. */
  wrong: number
}

export interface SheetProblem {
  at: number
  row: number
  field: string
  title: string
  value: string
  code: string
  message: string
}

export interface FormSection {
  key: string
  title: string
  hint?: string
  visible?: string | null
  fields: FormField[]
}

export interface FormSchema {
  key: string
  title: string
  version?: number
  /** Data are grouped by section, one page each; otherwise all fields stand side by side. */
  pages?: boolean
  sections: FormSection[]
}
