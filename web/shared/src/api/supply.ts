export interface BoardProject {
  id: number
  name: string
  programme: string
  buildings: { id: number; name: string; rate: number | string | null }[]
}

export interface BoardMark {
  kind: string
  text: string
}

export interface BoardCell {
  unit_id: number
  no: string
  area: string | number | null
  status: string
  rent: string | number | null
  tenant: string | null
  until: string | null
  marks: BoardMark[]
  contract_id: number | null
}

export interface Board {
  building: {
    id: number
    name: string
    floors: number
    units: number
    area: string | number | null
    rate: string | number | null
  }
  columns: { no: string; layout: string | null; orientation: string | null }[]
  floors: { floor: number | string; cells: (BoardCell | null)[] }[]
  legend: { status: string; title: string; count: number }[]
  by_layout: { layout: string; title?: string; units: number; free: number; rate: number | string | null }[]
}
