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
  /** The project is this office's; else only units that were given to it. */
  own: boolean
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

export interface MergeProposal {
  units: (ReshapedUnit & { layout: string })[]
  parent: (ReshapedUnit & { layout: string }) | null
  building: string
  floor_area: string
  rent: string
}

/** A unit that another system does not have, or that reads otherwise there; `due`: a change is on its way. */
export interface UnitDifference {
  id: number
  code: string
  address: string
  kind: 'missing' | 'differs'
  due: boolean
  fields: { key: string; title: string; ours: string; theirs: string }[]
}

export interface Differences {
  compared: number
  rows: UnitDifference[]
  next: number | null
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
  /** The moment before which the next page of entries begins. */
  next: string | null
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

export interface ProjectParts {
  allocation: string
  supply_on: string | null
  price: string | null
  rent_from: string | null
  rent_to: string | null
  accept_from: string | null
  accept_until: string | null
  supply_from: string | null
  supply_until: string | null
  contact: string
  contact_phone: string
  hours: string
  transport: string
  fittings: string[]
  rules: string
  conveniences: string
  notes: string
}

export interface ProjectMedium {
  id: number
  kind: 'picture' | 'plan' | 'room' | 'video' | 'cover'
  layout: string
  title: string
  mime: string
  size: number
}

export interface EstateSpread {
  id: number
  name: string
  address: string
  units: number
  rentable: number
  let: number
  layouts: { layout: string; units: number; rentable: number; let: number }[]
}

export interface ProjectInformation {
  project: {
    id: number
    code: string
    name: string
    programme: string
    division: string
    street: string
    address: string
    operator: string
    sector: string
    longitude: string | null
    latitude: string | null
  }
  version: number
  parts: ProjectParts
  media: ProjectMedium[]
  layouts: string[]
  told: { version: number; at: string | null }
  distribution: EstateSpread[]
  may_change: boolean
}

export interface MapProject {
  id: number
  code: string
  name: string
  programme: string
  division: string
  sector: string
  street: string
  address: string
  longitude: string | null
  latitude: string | null
  units: number
  rentable: number
  let: number
  rent: string
  area: string
  /** Whether the project is one's own, or only units that it gave to one's office. */
  own: boolean
  /** Kilometres from the point that was asked with. */
  distance: string | null
}

export interface MapCluster {
  division: string
  sector?: string
  projects: number
  units: number
  rentable: number
  longitude: string
  latitude: string
}

export interface ProjectMap {
  projects: MapProject[]
  districts: MapCluster[]
  sectors: MapCluster[]
  units: number
}
