/** Work views, tasks, messages, notices, applications and the big screen, as the workspace answers them. */
import type { StaffMessage } from './identity'

export interface TaskRow {
  kind: 'case' | 'task'
  id: number
  case_id: number | null
  name: string
  number: string
  source: string
  source_title: string
  requirement: string
  due_on: string | null
  priority: number
  priority_title: string
  holder_name: string
  arrived_at: string
  done_at: string | null
  result: string
  note: string
  done_name: string
  state: string
  link: string
  batch: boolean
  remaining: number | null
  late: boolean
  mine: boolean
}

export interface TaskSummary {
  todo: number
  overdue: number
  tasks: number
  tasks_due_today: number
  sources: { key: string; title: string }[]
  priorities: { key: number; title: string }[]
}

export interface TaskDetail {
  id: number
  name: string
  requirement: string
  source_title: string
  priority: number
  priority_title: string
  due_on: string | null
  assignee: string
  link: string
  state: string
  state_title: string
  result: string
  note: string
  done_at: string | null
  done_name: string
  created_at: string
  mine: boolean
}

export interface TaskStatistics {
  start: string
  end: string
  tasks: number
  hours: number | null
  on_time: number | null
  timed: number
}

export interface NoticeRow {
  id: number
  kind: string
  kind_title: string
  title: string
  pinned: boolean
  published_at: string | null
  published_by: string
  read: boolean
}

export interface Notice extends NoticeRow {
  body: string
}

export interface ManagedNotice extends NoticeRow {
  body: string
  roles: string[]
  rights: string[]
  areas: string[]
  withdrawn_at: string | null
  readers: number
  version: number
}

export interface MessagePage {
  rows: StaffMessage[]
  next: number | null
  unread: number
}

export interface MessageSettings {
  email: string
  phone: string
  quiet_from: string | null
  quiet_to: string | null
  channels: { key: string; title: string }[]
  kinds: { key: string; title: string; urgent: boolean; channels: string[] }[]
}

export type CardKind = 'figures' | 'todo' | 'links' | 'steps' | 'messages' | 'notices' | 'trend' | 'efficiency'

export interface PlacedCard {
  key: string
  title: string
  kind: CardKind
  width: number
}

export interface WorkView {
  key: string
  title: string
  views: { key: string; title: string }[]
  cards: PlacedCard[]
  more: PlacedCard[]
  entrances: { title: string; icon: string; path: string }[]
  own: boolean
}

export interface Figure {
  key: string
  title: string
  value: number | null
  unit?: string
  note?: string
  tone?: string
  link?: string
}

export interface Application {
  key: string
  title: string
  icon: string
  path: string
  summary: string
  system: string
}

export interface ScreenDistrict {
  code: string
  title: string
  estates: number
  units: number
  rooms: number
  occupied: number
  vacant: number
  occupancy: number | null
  density: number | null
}

export interface ScreenData {
  city: string
  at: string
  totals: {
    projects: number
    estates: number
    units: number
    rooms: number
    occupied: number
    vacant: number
    occupancy: number | null
  }
  districts: ScreenDistrict[]
  programmes: { code: string; title: string; units: number }[]
  estates: { estate: string; programme: string; units: number; occupied: number; occupancy: number | null }[]
  doors: { id: number; at: string; place: string; person: string; way: string; passed: boolean }[]
  sources: { key: string; title: string; at: string | null; silent: boolean }[]
}
