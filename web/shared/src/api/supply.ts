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

export interface PublishingProject {
  id: number
  code: string
  name: string
  programme: string
  division: string
  counts: Record<string, number>
  review: { result: string; at: string; by_name: string } | null
}

export interface ReshapedUnit {
  id: number
  code: string
  room_no: string
  status: string
  floor_area: string
  rent: string
}

export interface UnitLife {
  unit: {
    id: number
    code: string
    public_code: string | null
    page: string | null
    address: string
    project: string
    project_id: number
    building: string
    programme: string
    division: string
    layout: string
    floor_area: string
    rent: string
    channel: string
    room_no: string
    status: string
    status_note: string
    market_ends_on: string | null
    lent_division: string
    parent: { id: number; code: string } | null
  }
  entries: {
    at: string
    kind: 'state' | 'change' | 'let' | 'shape' | 'push' | 'move'
    title: string
    by: string
    note: string
    changes: { field: string; title: string; old: unknown; new: unknown }[]
  }[]
  lineage: { kind: string; at: string; by: string; before: ReshapedUnit[]; after: ReshapedUnit[] }[]
  occupancies: {
    who: string
    contract_id: number | null
    starts_on: string
    ended_on: string | null
    lease_end: string | null
    rent: string
  }[]
}
