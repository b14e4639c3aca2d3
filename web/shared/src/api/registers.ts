import type { FormField, FormSchema, FormValues } from '../forms/schema'

export type ColumnType =
  'text' | 'number' | 'money' | 'area' | 'date' | 'moment' | 'badge' | 'link' | 'masked' | 'boolean' | 'subject'

export interface RegisterColumn {
  key: string
  title: string
  type: ColumnType
  dictionary?: string | null
  unit?: string | null
  link?: { register: string; id: string } | null
  width?: number | null
  frozen?: boolean
  align?: 'left' | 'right' | 'center' | null
  sortable?: boolean
  hidden?: boolean
}

export interface Choice {
  code: string
  title: string
}

export interface RegisterFilter {
  key: string
  title: string
  kind: 'choice' | 'between' | 'text' | 'date_between'
  options?: Choice[] | null
  dictionary?: string | null
  register?: string | null
  unit?: string | null
  primary?: boolean
  /** rows without a value can be chosen */
  empty?: boolean
}

/** The value of a filter that stands for rows without one. */
export const NOTHING = '@empty'

export interface RegisterAction {
  key: string
  title: string
  tone?: string | null
  confirm?: string | null
  fields?: FormField[]
}

export type ViewFilters = Record<string, string[]>

export interface ImportKind {
  key: string
  title: string
  notes: string[]
}

export interface RegisterDeclaration {
  key: string
  title: string
  group?: string
  unit: string
  /** Where rows come from, said while there are none. */
  empty?: string
  columns: RegisterColumn[]
  filters: RegisterFilter[]
  search: { placeholder: string } | null
  order: { key: string; desc: boolean } | null
  views: { key: string; title: string; filters: ViewFilters; sort?: string }[]
  imports?: ImportKind[]
  can: {
    create: boolean
    change: boolean
    delete: boolean
    import: boolean
    export: boolean
    history: boolean
    reveal?: boolean
  }
  row_actions: RegisterAction[]
  batch_actions: RegisterAction[]
  /** Acts on the register as a whole. */
  commands?: { key: string; title: string }[]
  form: FormSchema | null
  detail: { title: string; fields: RegisterColumn[] }[]
  /** Rows of other registers that belong to a row; `same` are their columns that would repeat what the row says. */
  related: { key: string; title: string; register: string; filter: string; same: string[] }[]
}

/** What a record is about, in words: under the key of its column and `_told`. */
export interface Subject {
  title: string
  /** The rows it names; only those that the reader may see have a page. */
  rows: { name: string; page: string }[]
  more: string
  rest: string
}

export type RowValue = string | number | boolean | null | undefined | string[] | Subject

export interface RegisterRow {
  id: number
  version?: number
  /** What is not offered for this row now: keys of acts, `@change`, `@delete`. */
  shut?: string[]
  [key: string]: RowValue
}

export interface Page<T> {
  rows: T[]
  next: string | null
  prev?: string | null
  about?: number | null
  /** Whether `about` was counted rather than estimated. */
  exact?: boolean
}

export interface RegisterRecord {
  id: number
  version: number
  values: Record<string, RowValue>
  form?: FormValues | null
  title: string
  subtitle: string
  badges: { dictionary: string; code: string }[]
  related_counts: Record<string, number>
  /** What is not offered for this row now: keys of acts, `@change`, `@delete`. */
  shut?: string[]
  /** The page that the row leads to, where the register names one. */
  page?: string
  /** The paper of the row once it is made. */
  paper?: { title: string; address: string }
}

export interface HistoryEntry {
  at: string
  actor: string
  action: string
  changes: { field: string; title: string; old: RowValue; new: RowValue }[]
  note?: string | null
}

export interface RowOption {
  id: number
  title: string
  subtitle?: string
}

export interface SavedView {
  id: number | string
  title: string
  filters: ViewFilters
  q?: string
  sort?: string
}

export type ImportState =
  'mapping' | 'checking' | 'checked' | 'importing' | 'done' | 'failed' | 'cancelled' | 'undoing' | 'undone'

/** A column of a file: the field it is taken for, and a few of its cells to recognise it by. */
export interface ImportHeader {
  header: string
  field: string | null
  known: boolean
  samples: string[]
}

export interface ImportRefusal {
  code: string
  message: string
  advice?: string
  details: { headers?: ImportHeader[] }
}

export interface ImportFigures {
  total: number
  new: number
  update: number
  failed: number
  warn: number
  done: number
}

export interface ImportRun extends ImportFigures {
  id: number
  register: string
  kind: string
  title: string
  file_name: string
  actor: string
  state: ImportState
  error: ImportRefusal | null
  job: number | null
  can_undo: boolean
  created_at: string
  finished_at: string | null
  reasons?: { code: string; title: string; count: number }[]
  columns?: { key: string; title: string; dictionary: string | null; type: string; required: boolean }[]
}

/** A kind of import that the log can be narrowed to. */
export interface ImportOf {
  register: string
  kind: string
  title: string
}

export interface ImportProblem {
  row: number
  key: string
  field: string
  field_title: string
  value: string | number | boolean | null
  code: string
  message: string
  suggestion: string | null
}

export interface CorrectionAnswer extends ImportFigures {
  row: number
  ok: boolean
  errors: { field: string; code: string; message: string; suggestion: string | null }[]
}
