/** The shapes of the citizen operations, as /api answers them. */

export type { Tone } from '@anju/shared/dictionaries'
export type { FieldProblem } from '@anju/shared/api/errors'
import type { Tone } from '@anju/shared/dictionaries'

export interface City {
  code: string
  name: string
  short: string
  pinyin: string
  initial: string
  open: boolean
  services?: string
}
export interface Province {
  code: string
  name: string
  short: string
  pinyin: string
  open: number
  cities: City[]
}

export interface Me {
  id: number
  phone: string
  name: string
  verified: 'none' | 'waiting' | 'verified' | 'refused'
  refusal: string | null
  city: string | null
  large_type: boolean
  unread: number
}

export interface Page<T> {
  rows: T[]
  next: string | null
  prev?: string | null
  about?: number | null
}

export interface Notice {
  id: number
  kind: string
  kind_title: string
  title: string
  published_at: string
  summary: string
  pinned?: boolean
}
export interface NoticeText extends Notice {
  body: string
  issuer?: string
}

export interface PublicityHousehold {
  number: string
  kind: string
  name: string
  id_number: string
  household_size: number
  division: string
  starts_on: string
  ends_on: string
  place: string
}

export interface Unit {
  id: number
  code: string
  address: string
  project: string
  project_code?: string
  project_address?: string
  sector?: string
  building: string
  room_no: string
  division?: string
  layout: string
  area: string
  floor: number | null
  floors?: number | null
  orientation: string
  rent: string
  picture?: string | null
  supply?: 'rentable' | 'offline' | 'let' | 'not_rentable'
  longitude?: string | null
  latitude?: string | null
  fittings?: string[]
  conveniences?: string
}

export interface CaseStep {
  key: string
  title: string
  state: 'done' | 'now' | 'todo' | 'bad'
  at: string | null
  text: string
}
/** A date as it is said, with the working days left. */
export interface Spoken {
  date: string
  text: string
  remaining: number
}
export interface SupplementItem {
  id: number
  klass: string
  title: string
  note: string
  uploaded: boolean
  name: string
  file_id: number | null
}
export interface Supplement {
  id: number
  note: string
  asked_by: string
  due: Spoken
  items: SupplementItem[]
}
export interface HousingFigures {
  total: string
  persons: number
  per_person: string
  limit: string
  passed: boolean
  formula: string
  over: string
}
export interface Refusal {
  type: string
  type_title: string
  reason: string
  housing: HousingFigures | null
  can_apply_again: boolean
}
export interface IssuedDocument {
  id: number
  title: string
  number: string
  url: string
  template?: string
  issued_on?: string
}
export type CaseState = 'open' | 'supplement' | 'passed' | 'refused' | 'failed' | 'withdrawn' | 'deleted'
export interface CaseBrief {
  id: number
  number: string
  title: string
  headline: string
  state: CaseState
  submitted_at: string | null
  closed_at: string | null
}
export interface LatestApplication {
  number: string
  submitted_at: string
  progress: string
  projects: { code: string; name: string; address: string }[]
  layouts: { code: string; title: string }[]
  opinion: { node: string; text: string; at: string } | null
}
export interface CitizenCase extends CaseBrief {
  tone: Tone
  deadline: Spoken | null
  todo: string | null
  steps: CaseStep[]
  supplement: Supplement | null
  refusal: Refusal | null
  documents: IssuedDocument[]
  can_withdraw: boolean
  notes: { at: string; action: string; text: string; tone: Tone }[]
}

export interface Message {
  id: number
  kind: string
  title: string
  text: string
  created_at: string
  read: boolean
  link: string | null
}
export interface IdentityState {
  state: Me['verified']
  reason: string | null
  way: 'photos' | 'bank' | null
  name: string | null
  document_type?: string
  document_number?: string
  submitted_at?: string
  decided_at?: string | null
  due_on: string | null
}

export interface Certificate {
  id: number
  number: string
  holder: string
  household_size: number
  valid_from: string
  valid_until: string
  priority_group: string
  document: IssuedDocument | null
}

export interface Intention {
  divisions: string[]
  project_ids: number[]
  layouts: string[]
  note: string
}
export interface Project {
  id: number
  name: string
  division: string
}
export interface WaitingEntry extends Intention {
  id: number
  certificate_no: string
  certified_on: string
  valid_until: string
  registered_at: string
  state: 'waiting' | 'called' | 'chosen' | 'left'
  state_title: string
  priority_group: string
  left_reason: string
}
export interface WaitingMove {
  at: string
  place: number | null
  cause: string
}
export interface Waiting {
  entry: WaitingEntry | null
  place: number | null
  ahead: number | null
  total: number | null
  moves: WaitingMove[]
  documents: IssuedDocument[]
}

export interface Appointment {
  id: number
  batch_id: number
  unit_id: number
  unit_code: string
  address: string
  viewing_at: string
  state: 'booked' | 'cancelled' | 'chosen'
  state_title: string
}
export interface Slot {
  at: string
}
export interface Batch {
  id: number
  number: string
  title: string
  starts_on: string
  ends_on: string
  state: string
  state_title: string
  units: number
}
export interface BatchUnit extends Unit {
  taken: boolean
}
export interface BatchView {
  batch: Batch
  can_choose: boolean
  chosen_unit: number | null
  /** The last day for signing for the chosen unit; it is given to others afterwards. */
  sign_by: string | null
  units: BatchUnit[]
  appointments: Appointment[]
}

export type ContractState = 'signing' | 'effective' | 'filed' | 'leaving' | 'terminated' | 'cancelled'
export interface ContractBrief {
  id: number
  number: string
  state: ContractState
  state_title: string
  address: string
  rent: string
  starts_on: string
  ends_on: string
  can_sign: boolean
}
export interface Contract {
  id: number
  number: string
  state: ContractState
  state_title: string
  certificate_no: string
  tenant: { name: string; document_number: string; phone: string }
  unit: { id: number; code: string; address: string; project: string; area: string }
  terms: { rent_mode: string; starts_on: string; ends_on: string; rent: string; deposit: string }
  occupants: { kind_title: string; name: string; relation: string }[]
  signed_at: string | null
  filing_no: string
  filed_at: string | null
  leaving: { kind: 'expiry' | 'early'; on: string | null; reason: string } | null
  terminated_at: string | null
  document: IssuedDocument | null
  documents: IssuedDocument[]
  flow: { node: string; title: string; reached: boolean; at: string | null }[]
  can_sign: boolean
  can_leave: boolean
  can_stay: boolean
}

export type PageKey = 'place' | 'notice' | 'commitment' | 'form' | 'members' | 'housing' | 'property' | 'materials'

export type Values = Record<string, unknown>
export type FilledPage = Exclude<PageKey, 'materials'>
export interface ServerPage {
  data: Values
  version: number
  saved_at: string | null
}
export interface Material {
  id: number
  klass: string
  file_id: number
  name: string
  mime: string
  size: number
  url: string
}
export interface MaterialClass {
  key: string
  title: string
  required: boolean
}
export interface Draft {
  id: number
  version: number
  saved_at: string | null
  pages: Partial<Record<FilledPage, ServerPage>> & { materials: { classes: MaterialClass[]; items: Material[] } }
  done: PageKey[]
}
export interface WhyNot {
  code: string
  message: string
  advice: string
  details: { case_id?: number; number?: string }
}
export interface Application {
  draft: Draft | null
  prefill: Partial<Record<FilledPage, Values>>
  materials: MaterialClass[]
  schema: unknown
  open_case: { id: number; number: string; title: string } | null
  can_start: boolean
  why_not: WhyNot | null
}
export interface PageFault {
  page: PageKey
  field: string
  code: string
  message: string
}
export interface DraftCheck {
  errors: PageFault[]
  done: PageKey[]
  ready: boolean
}

export interface DocumentProof {
  valid: boolean
  state: 'valid' | 'expired' | 'revoked' | 'unknown'
  title: string
  number: string
  holder: string
  organisation: string
  issued_on: string | null
  valid_until: string | null
  seal: { intact: boolean; signer: string } | null
}
