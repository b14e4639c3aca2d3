export interface ProcessRow {
  key: string
  version: number
  title: string
  state: string
  published_at: string | null
  published_by: string
}

export interface RuleRow {
  key: string
  title: string
  policy: string
  versions: number
}

export interface RuleTable {
  id: string
  title: string
  policy: string
  valid_from: string | null
  valid_to: string | null
  divisions: string[]
  inputs: { name: string; label: string; type: string }[]
  outputs: { name: string; label: string; type: string }[]
  rows: { cells: string[]; note: string }[]
}

export interface FormRow {
  key: string
  title: string
  version: number
}
