import type { CaseDocument } from './cases'

export interface CertificateHolder {
  certificate_no: string
  name: string
  gender: string
  document_number: string
  phone: string
  household_size: number
  valid_from: string
  valid_until: string
  chosen_unit: number | null
  members: { name: string; relation: string; document_number: string }[]
}

export interface ContractTerms {
  attribute: string
  kind: string
  rent_mode: string
  starts_on: string
  ends_on: string
  rent: string
  deposit: string
}

export interface Occupant {
  /** Of the row it was read from; a number that is still masked then means: unchanged. */
  id?: number
  kind: 'co_resident' | 'temporary'
  name: string
  document_number: string
  phone: string
  relation: string
}

export interface FlowNode {
  node: string
  title: string
  reached: boolean
  at: string | null
  who: string
  text: string
}

export interface ContractView {
  id: number
  version: number
  number: string
  state: string
  state_title: string
  certificate_no: string
  tenant: { name: string; gender: string; document_number: string; phone: string }
  unit: { id: number; code: string; address: string; project: string; area: string }
  terms: ContractTerms
  occupants: (Occupant & { kind_title: string })[]
  signed_at: string | null
  signed_way: string
  sent_at: string | null
  effective_at: string | null
  filing_no: string
  filed_at: string | null
  leaving: { kind: string; on: string; reason: string } | null
  terminated_at: string | null
  document: CaseDocument | null
  notice: CaseDocument | null
  documents: CaseDocument[]
  flow: FlowNode[]
  can: {
    edit: boolean
    cancel: boolean
    send: boolean
    sign_offline: boolean
    file: boolean
    notice: boolean
    /** A newcomer in an employer's contract, with the notice printed again. */
    move_in: boolean
    terminate: boolean
    /** Not to confirm the tenant's request to leave. */
    keep: boolean
    terminate_kinds: string[]
  }
}
