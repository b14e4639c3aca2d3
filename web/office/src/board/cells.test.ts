import type { BoardCell } from '@anju/shared/api/supply'
import { setDictionaries } from '@anju/shared/dictionaries'
import { describe, expect, it } from 'vitest'
import { rightSide, targetOf, titleOf } from './cells'

const cell = (given: Partial<BoardCell>) => ({ id: 7, status: 'unknown', contract_id: null, ...given }) as BoardCell

describe('where a cell of the board leads', () => {
  it('is the contract for who may see it, the record of the unit for anybody else', () => {
    const let_out = cell({ contract_id: 12 })
    expect(targetOf(let_out, () => true).path).toBe('/tenancy/contracts/12')
    expect(targetOf(let_out, () => false).path).toBe('/registers/supply.units?row=7')
  })
})

describe('the name of a building', () => {
  it('has its estate where two estates have one of that name', () => {
    const all = [
      { name: '1号楼', estate: '江湾家园' },
      { name: '2号楼', estate: '江湾家园' },
      { name: '1号楼', estate: '江湾家园北区' },
    ]
    expect(all.map((one) => titleOf(one, all))).toEqual(['江湾家园 1号楼', '2号楼', '江湾家园北区 1号楼'])
  })
})

describe('what a cell says', () => {
  it('tells in words that somebody is leaving, not by colour alone', () => {
    setDictionaries({
      unit_status: [
        { code: 'leaving', title: '待退', tone: 'out' },
        { code: 'let', title: '在租', tone: 'run' },
      ],
    })
    const of = (status: string) => cell({ status, occupant_name_masked: '陶*斌', lease_end: '2027-03-31' })
    expect(rightSide(of('leaving'), 'state')).toEqual(['陶*斌', '待退'])
    expect(rightSide(of('let'), 'state')).toEqual(['陶*斌', '27-03'])
    expect(rightSide(of('leaving'), 'until')).toEqual(['陶*斌', '27-03'])
  })
})
