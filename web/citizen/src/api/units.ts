/** Units that anybody may look at; the list's column names become those that every page uses. */
import { http } from './http'
import type { Page, Unit } from './types'

interface Offered extends Pick<Unit, 'picture' | 'supply' | 'longitude' | 'latitude' | 'fittings' | 'conveniences'> {
  id: number
  code: string
  address?: string
  'project.code'?: string
  'project.name': string
  'project.address'?: string
  'project.sector'?: string
  'building.name': string
  'building.floors': number | null
  room_no?: string
  division: string
  floor: number | null
  layout: string
  floor_area: string
  orientation: string
  rent: string
}

export interface UnitQuery {
  city: string
  division?: string
  layout?: string
  rent_max?: string
  area_min?: string
  area_max?: string
  sort?: string
  cursor?: string | number | null
  limit?: number
}

const unitOf = (row: Offered): Unit => ({
  id: row.id,
  code: row.code,
  address: row.address ?? '',
  project: row['project.name'],
  project_code: row['project.code'] ?? '',
  project_address: row['project.address'] ?? '',
  sector: row['project.sector'] ?? '',
  building: row['building.name'],
  // The last part of a unit's code is its room.
  room_no: row.room_no ?? row.code.split('-').pop()?.replace(/^0/, '') ?? '',
  division: row.division,
  layout: row.layout,
  area: row.floor_area,
  floor: row.floor,
  floors: row['building.floors'],
  orientation: row.orientation,
  rent: row.rent,
  picture: row.picture,
  supply: row.supply,
  longitude: row.longitude,
  latitude: row.latitude,
  fittings: row.fittings,
  conveniences: row.conveniences,
})

export async function offeredUnits(query: UnitQuery): Promise<Page<Unit>> {
  const found = await http.get<Page<Offered>>('/public/units', { programme: 'public_rental', ...query })
  return { ...found, rows: found.rows.map(unitOf) }
}

export const offeredUnit = async (id: number): Promise<Unit> => unitOf(await http.get<Offered>(`/public/units/${id}`))

/** Homes by their numbers, in that order; one that is no longer published is left out. */
export async function chosenUnits(ids: number[]): Promise<Unit[]> {
  if (!ids.length) return []
  return (await http.get<{ rows: Offered[] }>('/public/units/chosen', { ids: ids.join(',') })).rows.map(unitOf)
}

export interface UnitRoom {
  number: string
  kind: string
  floor_area: string | null
  beds: string[]
  /** Yuan a month in the order of the beds; nothing where the room is let whole. */
  bed_rents?: (string | null)[]
}

/** What a unit's page shows besides: its picture, and its rooms and beds where it is let by them. */
export interface UnitMore {
  rooms: UnitRoom[]
  picture: string | null
}

export async function moreOfUnit(code: string): Promise<UnitMore> {
  // The answer has more, some of it under names that mean something else on the unit itself.
  const { rooms, picture } = await http.get<UnitMore>(`/public/projects/units/${encodeURIComponent(code)}`)
  return { rooms, picture }
}

export interface ScannedUnit extends Unit {
  public_code: string
  programme: string
  state: string
  offered: boolean
}

/** The unit whose code somebody scanned; what anybody may know of it. */
export async function scannedUnit(code: string): Promise<ScannedUnit> {
  const found = await http.get<Offered & { public_code: string; programme: string; state: string; offered: boolean }>(
    `/public/units/by-code/${encodeURIComponent(code)}`,
  )
  const { public_code, programme, state, offered } = found
  return { ...unitOf(found), public_code, programme, state, offered }
}
