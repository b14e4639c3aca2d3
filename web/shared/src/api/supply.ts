export interface BoardBuilding {
  id: number
  name: string
  estate: string
  floors: number
  units?: number
  occupancy?: string | null
}

export interface BoardProject {
  id: number
  code: string
  name: string
  programme: string
  division: string
  counts: Record<string, number>
  units: number
  occupancy: string | null
  buildings: BoardBuilding[]
}

export interface BoardCell {
  id: number
  code: string
  room_no: string
  floor: number
  layout: string
  orientation: string
  floor_area: string
  rent: string
  rent_per_area: string
  status: string
  status_note: string
  status_since: string | null
  occupant_name_masked: string
  lease_end: string | null
  contract_id: number | null
  held_for: string
  channel: string
  days_left: number | null
  expiring: boolean
}

export interface Board {
  project: { id: number; code: string; name: string; programme: string; division: string }
  building: BoardBuilding & { units: number; occupancy: string | null; floor_area: string }
  buildings: (BoardBuilding & { units: number; occupancy: string | null })[]
  columns: { key: string; layout: string; orientation: string }[]
  floors: { floor: number; cells: (BoardCell | null)[] }[]
  summary: {
    units: number
    counts: Record<string, number>
    occupancy: string | null
    vacant: number
    expiring: number
    average_rent: string | null
    monthly_rent: string
    average_empty_days: number | null
    layouts: { layout: string; units: number; vacant: number; occupancy: string | null }[]
  }
  at: string
}
