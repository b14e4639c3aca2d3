/** Words of codes from the server's dictionaries; a page that shows one loads them. */
import { loadDictionaries, terms, wordOf } from '@anju/shared/dictionaries'
import { http } from '../api/http'
import type { Unit } from '../api/types'
import { area, day } from './format'

export function useWords(): void {
  void loadDictionaries(http).catch(() => undefined)
}

export const layoutWord = (code: string | null | undefined) => wordOf('layout', code)
export const divisionWord = (code: string | null | undefined) => wordOf('division', code)
export const layoutTerms = () => terms('layout')
/** Layouts from small to large, as the dictionary has them. */
export function byLayout<T>(list: T[], layoutOf: (one: T) => string): T[] {
  const order = layoutTerms().map((one) => one.code)
  return [...list].sort((a, b) => order.indexOf(layoutOf(a)) - order.indexOf(layoutOf(b)))
}

export const orientationWord = (code: string | null | undefined) => (code ? `朝${wordOf('orientation', code)}` : '')
export const floorWord = (unit: Pick<Unit, 'floor' | 'floors'>) =>
  unit.floor ? (unit.floors ? `${unit.floor}/${unit.floors} 层` : `${unit.floor} 层`) : ''

/** How a home stands for who looks for one. */
export const SUPPLY = {
  rentable: '可以租',
  offline: '只在线下申请',
  let: '已经租出',
  not_rentable: '暂不供应',
} as const
export const supplyWord = (supply: keyof typeof SUPPLY | undefined) => (supply ? SUPPLY[supply] : '')

/** When applications are taken: in a period, from a day on, or at any time where homes are given out all the year. */
export function acceptWord(one: { allocation: string; accept_from: string | null; accept_until: string | null }) {
  if (one.accept_from && one.accept_until) return `${day(one.accept_from)}—${day(one.accept_until)}`
  if (one.accept_from) return `${day(one.accept_from)}起`
  return one.allocation === 'central' ? '还没有公布' : '随时'
}

/** 江湾家园 3 号楼 1402. */
export const unitTitle = (unit: Pick<Unit, 'project' | 'building' | 'room_no'>) =>
  [unit.project, unit.building, unit.room_no].filter(Boolean).join(' ')

/** 江湾区 江湾新城 江湾路 88 号: where a home is, beside its name. */
export const placeWord = (unit: Pick<Unit, 'division' | 'sector' | 'project_address'>) =>
  [divisionWord(unit.division), unit.sector, unit.project_address].filter(Boolean).join(' ')

/** 两室一厅 · 56.3 ㎡ · 14 层. */
export const unitFacts = (unit: Unit) =>
  [layoutWord(unit.layout), `${area(unit.area)} ㎡`, floorWord(unit)].filter(Boolean).join(' · ')
