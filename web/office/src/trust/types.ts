/** What the pages of trust are told by the server. */

export interface Finding {
  kind: string
  entry: number
  seal: number
  told: string
}
export interface AuditCheck {
  id: number
  started_at: string
  seconds: number
  actor: string
  seals: number
  entries: number
  archived: number
  unsealed: number
  rate: number
  findings: Finding[]
}
export interface Trail {
  seals: number
  entries: number
  archived: number
  first_at: string | null
  last_at: string | null
  sealed_at: string | null
  head: string
  anchored: number
  waiting: number
  months_kept: number
  checks: AuditCheck[]
}
export interface MarkedKind {
  key: string
  title: string
  serves: string
  marked: number
  rows: number
}
export interface IntegrityState {
  kinds: MarkedKind[]
  devices: number
  alarms: { id: number; at: string; title: string }[]
  last: {
    state: string
    finished_at: string | null
    result: { checked?: number; whole?: boolean; findings?: { told: string }[] }
  } | null
}
export interface KeyState {
  service: string
  version: number
  columns: { table: string; column: string; title: string; versions: Record<string, number> }[]
  files: Record<string, number>
  job: { id: number; state: string; done: number; total: number; mine: boolean } | null
}

const REMOTE = 0x8000
/** `3` of our own keys, `外部 2` of the HTTP service's. */
export const versionTitle = (version: number): string =>
  version & REMOTE ? `外部第 ${version & ~REMOTE} 版` : `第 ${version} 版`
