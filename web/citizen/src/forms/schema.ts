/** The schema of the application as the server gives it: one section a page, questions in it, groups of rows. */
import type { FormField, FormSchema, FormSection } from '@anju/shared/forms/schema'
import type { PageKey, Values } from '../api/types'

export interface Option {
  code: string
  title: string
}

export interface Field extends FormField {
  tone?: string
  add_title?: string
  fields?: Field[]
}

export interface Section extends FormSection {
  key: PageKey
  fields: Field[]
}

export interface Schema extends FormSchema {
  sections: Section[]
}

export type Row = Values
