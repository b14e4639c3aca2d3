export interface OfferedUnit {
  id: number
  code: string
  address: string
  project: string
  project_id: number
  building: string
  room_no: string
  floor: number
  layout: string
  area: string
  orientation: string
  rent: string
  status: string
}

export interface BatchRow {
  id: number
  version: number
  number: string
  title: string
  starts_on: string
  ends_on: string
  state: string
  state_title: string
  quotas: Record<string, number>
  published_at: string | null
  units: number
}

export interface BatchView extends BatchRow {
  unit_rows: (OfferedUnit & { chosen_by: string })[]
  calls: {
    entry_id: number
    household: string
    layout: string
    called_at: string
    state: string
    state_title: string
  }[]
  can: { edit: boolean; publish: boolean; close: boolean }
}
