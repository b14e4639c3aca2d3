/** Projects that anybody may look at: found, opened, compared. */
import type { Ground } from '@anju/shared/map'
import { http } from './http'

export interface ProjectCard {
  id: number
  code: string
  name: string
  programme: string
  division: string
  street: string
  address: string
  sector: string
  longitude: string | null
  latitude: string | null
  allocation: string
  accepting: boolean
  supplying: boolean
  accept_from: string | null
  accept_until: string | null
  supply_from: string | null
  supply_until: string | null
  rent_from: string | null
  rent_to: string | null
  rentable: number
  layouts: Record<string, number>
  waiting: number
  fittings: string[]
  conveniences: string
  picture: string | null
  supply_on: string | null
}

export interface LayoutFacts {
  layout: string
  units: number
  remaining: number
  area_from: string
  area_to: string
  rent_from: string
  rent_to: string
  plan: string | null
}

export interface ProjectNotice {
  number: string
  lessor: string
  name: string
  address: string
  division: string
  planned_on: string
  scope: string
  units: number
  rent_from: string
  rent_to: string
  note: string
}

export interface ProjectDetails extends ProjectCard {
  operator: string
  price: string | null
  transport: string
  rules: string
  notes: string
  viewing: { operator: string; contact: string; phone: string; hours: string }
  pictures: { number: number; title: string; address: string }[]
  video: string | null
  cover: string | null
  plans: LayoutFacts[]
  notice: ProjectNotice | null
}

export interface ProjectUnit {
  id: number
  code: string
  building_name: string
  floors: number
  room_no: string
  floor: number
  layout: string
  floor_area: string
  orientation: string
  rent: string
  supply: 'rentable' | 'offline' | 'let' | 'not_rentable'
}

export interface ProjectQuery {
  name?: string
  division?: string
  street?: string
  programme?: string
  allocation?: string
  longitude?: number
  latitude?: number
  within_km?: string
  layout?: string
  rent_max?: string
  area_min?: string
  area_max?: string
  supply?: string
  codes?: string
  cursor?: string | null
  limit?: number
}

export const findProjects = (query: ProjectQuery) =>
  http.get<{ rows: ProjectCard[]; next: string | null }>('/public/projects', { ...query })

const AT_ONCE = 30
const UNITS_AT_ONCE = 10
const PAGE = 50
const PAGES = 20

/** Projects by their codes, in the order of the codes; one that is no longer shown is left out. */
export async function projectsOf(codes: string[]): Promise<ProjectCard[]> {
  const found = new Map<string, ProjectCard>()
  for (let at = 0; at < codes.length; at += AT_ONCE) {
    const part = await findProjects({ codes: codes.slice(at, at + AT_ONCE).join(','), limit: PAGE })
    for (const row of part.rows) found.set(row.code, row)
  }
  return codes.flatMap((code) => found.get(code) ?? [])
}

/** All projects that fit, for the map; a thousand at the most. */
export async function allProjects(query: ProjectQuery): Promise<ProjectCard[]> {
  const rows: ProjectCard[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES; page++) {
    const found: { rows: ProjectCard[]; next: string | null } = await findProjects({ ...query, cursor, limit: PAGE })
    rows.push(...found.rows)
    if (!found.next) break
    cursor = found.next
  }
  return rows
}

/** What the map is drawn on. */
export const mapGround = () => http.get<Ground & { tiles: string }>('/public/projects/ground')

export const projectDetails = (code: string) => http.get<ProjectDetails>(`/public/projects/${encodeURIComponent(code)}`)

/** The streets and towns of a district, or of the city, in which projects stand. */
export const projectStreets = (division: string) =>
  http.get<{ rows: string[] }>('/public/projects/streets', { division })

/** A project's homes: those that can be rented, or all with how they stand. */
export const projectUnits = (code: string, layout: string, all: boolean, cursor: string | null = null) =>
  http.get<{ rows: ProjectUnit[]; next: string | null }>(`/public/projects/${encodeURIComponent(code)}/units`, {
    layout,
    supply: all ? '' : 'rentable',
    cursor,
    limit: UNITS_AT_ONCE,
  })

export const comingProjects = (division: string) =>
  http.get<{ rows: ProjectNotice[] }>('/public/projects/notices', { division })
