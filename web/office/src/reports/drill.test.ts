import { describe, expect, it } from 'vitest'
import { leadsTo } from './drill'

const drill = {
  register: 'supply.units',
  always: { division: ['339901'] },
  otherwise: { status: ['vacant', 'let'] },
}

describe('the way to the rows behind a figure', () => {
  it('holds what holds for every line, and leaves out what the figures leave out', () => {
    expect(leadsTo(drill)).toBe('/registers/supply.units?f.status=vacant&f.status=let&f.division=339901')
  })

  it('is narrowed by the line and the column, which say more than the whole', () => {
    expect(leadsTo(drill, { 'project.sector': ['@empty'] }, { status: ['let'] })).toBe(
      '/registers/supply.units?f.status=let&f.division=339901&f.project.sector=%40empty',
    )
  })

  it('is not offered where it would lead to other rows', () => {
    expect(leadsTo(drill, null)).toBeNull()
    expect(leadsTo(drill, { layout: ['one_one'] }, null)).toBeNull()
    expect(leadsTo(null, {})).toBeNull()
  })
})
