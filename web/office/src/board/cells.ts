/** How a unit looks on the board: its look follows the tone that the dictionary gives its state. */
import type { BoardCell } from '@anju/shared/api/supply'
import { toneOf, wordOf, type Tone } from '@anju/shared/dictionaries'
import { EMPTY, number } from '@anju/shared/format'

export type BoardWay = 'state' | 'rent' | 'until'

const LOOKS: Record<Tone, string> = {
  ok: 'free',
  wait: 'held',
  run: 'taken',
  out: 'leaving',
  fix: 'repair',
  idle: 'locked',
  bad: 'locked',
}
export const STATES = 'unit_status'
export const lookOf = (status: string) => LOOKS[toneOf(STATES, status)]

/** 1,920 元: cells are narrow, so they show whole yuan; the card beside shows the fen. */
const short = (value: string) => `${number(Math.round(Number(value)))} 元`
const month = (value: string | null) => (value ? value.slice(2, 7) : '')

/** A building by name; with its estate where another estate of the project has one of that name. */
export function titleOf(building: { name: string; estate: string }, all: { name: string; estate: string }[]): string {
  const doubled = all.some((one) => one.name === building.name && one.estate !== building.estate)
  return doubled ? `${building.estate} ${building.name}` : building.name
}

/** The two lines at the right of a cell. */
export function rightSide(cell: BoardCell, way: BoardWay): [string, string] {
  const who = cell.occupant_name_masked || wordOf(STATES, cell.status)
  if (way === 'rent') return [who, short(cell.rent)]
  if (way === 'until') return [who, month(cell.lease_end) || EMPTY]
  // who lives there stands where the state would: that he is leaving is not said by colour alone
  if (cell.occupant_name_masked)
    return [who, lookOf(cell.status) === 'leaving' ? wordOf(STATES, cell.status) : month(cell.lease_end)]
  return [who, lookOf(cell.status) === 'free' ? short(cell.rent) : cell.status_note.slice(0, 6)]
}

/** Where a click leads: an occupied unit to its contract, a free one to contract entry, any other to its record. */
export function targetOf(cell: BoardCell, may: (right: string) => boolean): { path: string; words: string } {
  if (cell.contract_id && may('tenancy.contract.view'))
    return { path: `/tenancy/contracts/${cell.contract_id}`, words: '点击打开合同' }
  const open = lookOf(cell.status) === 'free' || lookOf(cell.status) === 'held'
  if (open && may('tenancy.contract.manage')) {
    return { path: `/tenancy/contracts/new?unit=${cell.id}`, words: '点击登记合同' }
  }
  return { path: `/registers/supply.units?row=${cell.id}`, words: '点击打开房源' }
}
