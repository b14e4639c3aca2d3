import type { FormSchema, FormValues } from '../forms/schema'

export interface TodoRow {
  task_id: number
  case_id: number
  number: string
  title: string
  household: string
  household_size: number
  type_title: string
  state: string
  node: string
  node_title: string
  due_on: string | null
  remaining: number | null
  late: boolean
  claimed_by: string
  claimed_name: string
  mine: boolean
  arrived_at: string
  left_at: string | null
  outcome: string
  tags: { tone: string; text: string }[]
}

export interface CasesSummary {
  cards: { key: string; title: string; value: string | number; unit: string; note?: string; tone?: string }[]
  nodes: { node: string; title: string; count: number; late: number }[]
  trend: { day: string; arrived: number; closed: number; late?: number }[]
}

export interface Outcome {
  key: string
  title: string
  tone: 'primary' | 'default' | 'danger'
  needs: {
    opinion: boolean
    reason_type: { code: string; title: string }[] | null
    reason_min: number | null
    inform: boolean
  }
  form: FormSchema | null
  /** What the form begins with, such as what was handed in before it was rolled back. */
  data?: FormValues
  blocked: { code: string; message: string; anchor?: string | null } | null
}

export interface CountdownBucket {
  key: 'late' | 'soon' | 'near' | 'far'
  title: string
  tone: string
  count: number
}

export interface CountdownRow {
  case_id: number
  number: string
  household: string
  household_size: number
  node_title: string
  submitted_at: string
  due_on: string
  remaining: number
  late: boolean
  bucket: CountdownBucket['key']
  tone: string
}

export interface CountdownPage {
  buckets: CountdownBucket[]
  rows: CountdownRow[]
  next: string | null
}

/** A question to an outside system whose answer goes into the form. */
export interface Fetch {
  key: string
  title: string
  asks: { key: string; title: string; options?: string[] | null }[]
}

export interface CaseTask {
  id: number
  node: string
  title: string
  claimed_by: string | null
  mine: boolean
  can_claim: boolean
  can_act: boolean
  instruction?: string | null
  outcomes: Outcome[]
  /** Sections of the form that may be corrected here. */
  editable: string[]
  /** Answers that cannot be corrected by who has the task, as `section.field`. */
  fixed: string[]
  fetches: Fetch[]
  /** Standard opinions; `suits` is the tone of the outcomes they go with, or any. */
  opinions: { text: string; suits: string }[]
}

/** A matter that an office files: its form, materials, and what can be fetched into it. */
export interface MatterKind {
  key: string
  title: string
  subtitle: string
  schema: FormSchema
  materials: { klass: string; title: string; required: boolean }[]
  fetches: Fetch[]
  /** Papers that can be looked at before filing. */
  previews: { key: string; title: string }[]
  /** The answers a new one begins with, and those that cannot be others, as `section.field`. */
  begins: FormValues
  fixed: string[]
}

export interface MatterDraft {
  id: number
  version: number
  type: string
  title: string
  data: FormValues
  materials: { file_id: number; klass: string; name: string; mime: string }[]
  saved_at: string
}

export interface Matters {
  types: { key: string; title: string; subtitle: string }[]
  drafts: { id: number; type: string; type_title: string; title: string; saved_at: string }[]
  filed: {
    id: number
    number: string
    title: string
    type_title: string
    state_title: string
    tone: string
    submitted_at: string
    closed_at: string | null
  }[]
}

export interface CaseStep {
  node: string
  title: string
  stage: string
  kind: string
  state: 'done' | 'now' | 'todo'
  who: string
  at: string | null
  outcome: string
  outcome_title: string
}

export type CheckState = 'waiting' | 'running' | 'matched' | 'mismatched' | 'failed' | 'manual'

export interface CheckFact {
  label: string
  declared: string
  found: string
  matches: boolean
}

export interface CaseCheck {
  id: number
  kind: string
  title: string
  source: string
  state: CheckState
  state_title: string
  tone: string
  finding: string
  facts: CheckFact[]
  error: string
  asked_at: string | null
  answered_at: string | null
  passed: boolean | null
  decided: { by: string; at: string; note: string } | null
  proof_id: number | string | null
  tries: number
  can_retry: boolean
  can_manual: boolean
}

export interface Housing {
  total: string
  persons: number
  per_person: string
  limit: string
  passed: boolean
  formula: string
  over: string
}

export interface PublicityPeriod {
  id: number
  kind: string
  title: string
  starts_on: string
  ends_on: string
  place: string
  objection: string
  objection_title: string
  opinion: string
  finding: string
  running: boolean
}

export interface CaseMaterial {
  id: number
  klass: string
  klass_title: string
  file_id: number | string
  name: string
  mime: string
  at: string | null
  note?: string | null
}

export interface Supplement {
  id: number
  state: string
  state_title: string
  note: string
  asked_by: string
  asked_at: string
  due_on: string | null
  done_at: string | null
  items: {
    id: number
    klass: string
    title: string
    note: string
    file_id: number | string | null
    name: string
    uploaded: boolean
  }[]
}

export interface TimelineEntry {
  id: number
  at: string
  actor: string
  org: string
  node_title: string
  action: string
  text: string
  tone: string
  opinion: boolean
}

export interface CaseDocument {
  id: number
  template: string
  title: string
  number: string
  issued_on: string
  valid_until: string | null
  state: string
  print_count: number
  url: string
  verify_path: string
}

export interface CaseNotice {
  tone: string
  message: string
  anchor?: string | null
}

export interface CaseView {
  id: number
  version: number
  number: string
  title: string
  /** `filed`: an organisation's matter, filed by its staff; it has no household. */
  type: { key: string; title: string; filed: boolean; group: string }
  state: string
  state_title: string
  tone: string
  outcome: string | null
  contact: string
  can_reveal: boolean
  household: { name: string; size: number }
  division_name: string
  organisation_name?: string
  source: string
  fail: { type: string; reason: string } | null
  applicant?: Record<string, string | number | null>
  submitted_at: string | null
  closed_at: string | null
  deadline: {
    due_on: string | null
    remaining: number | null
    late: boolean
    total: number | null
    case_due_on: string | null
    case_remaining: number | null
  } | null
  claimed_by: string
  today: string
  task: CaseTask | null
  steps: CaseStep[]
  /** `key` is empty for a case that was taken over closed from an earlier system */
  process: { key: string; version: number; active: string[]; done: string[] }
  form: { schema: FormSchema; data: FormValues }
  checks: CaseCheck[]
  housing?: Housing | null
  publicity?: PublicityPeriod[]
  deletion?: { id: number; reason: string; state: string } | null
  can?: { ask_deletion: boolean; decide_deletion: boolean; check: boolean }
  material_classes: { klass: string; title: string }[]
  materials: CaseMaterial[]
  supplements: Supplement[]
  timeline: TimelineEntry[]
  documents: CaseDocument[]
  /** Papers of the kind; `waits` says why one cannot be printed yet. */
  print_list: { key: string; title: string; waits: string; preview: boolean }[]
  returnable: { node: string; title: string }[]
  notices?: CaseNotice[]
  siblings?: { prev: number | null; next: number | null; index: number; total: number } | null
}
