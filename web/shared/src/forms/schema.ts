/** The shape of a form: sections of fields, from the same schema that the server checks with. */
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
  | 'row'
  | 'group'
  | 'file'
  | 'id_number'
  | 'phone'
  | 'note'

export interface FormField {
  key: string
  title: string
  type: FieldType | (string & {})
  required?: boolean | string
  dictionary?: string | null
  options?: { code: string; title: string }[] | null
  min?: number | string | null
  max?: number | string | null
  min_length?: number | null
  max_length?: number | null
  pattern?: string | null
  hint?: string | null
  unit?: string | null
  register?: string | null
  default?: FormValue
  fixed?: boolean
  readonly?: boolean
  masked?: boolean | string
  visible?: string | null
  width?: 'half' | 'full' | null
  fields?: FormField[]
}

export interface FormSection {
  key: string
  title: string
  hint?: string | null
  visible?: string | null
  repeated?: boolean | null
  min?: number | null
  max?: number | null
  fields: FormField[]
}

export interface FormSchema {
  key: string
  title: string
  version?: number
  sections: FormSection[]
}
