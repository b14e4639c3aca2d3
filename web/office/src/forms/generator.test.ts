import { describe, expect, it } from 'vitest'
import { floorsIn, generated } from './generator'

const by = {
  title: '按楼层生成',
  fields: [],
  floors: ['from', 'to'] as [string, string],
  places: 'rooms',
  alike: ['layout', 'area'],
  row: { building: '{building}', floor: '{floor}', no: '{floor}{place:2}', code: '{building}-{floor:4}{place:2}' },
}

describe('a building floor by floor', () => {
  it('has the same rooms on each floor, numbered by floor and place', () => {
    const alike = [{ layout: 'two', area: '62.18' }, { layout: 'one' }]
    const rows = generated(by, { building: '3号楼', from: '9', to: '10', rooms: '2' }, alike)
    expect(rows.map((row) => row.no)).toEqual(['901', '902', '1001', '1002'])
    expect(rows[3]).toEqual({
      building: '3号楼',
      floor: '10',
      no: '1002',
      code: '3号楼-001002',
      layout: 'one',
      area: null,
    })
  })

  it('has none where the last floor lies below the first, or nothing is told', () => {
    expect(floorsIn(by, { from: '5', to: '4' })).toBe(0)
    expect(generated(by, {}, [])).toEqual([])
  })
})
