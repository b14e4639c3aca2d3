import { describe, expect, it } from 'vitest'
import { AREAS, areaAsked } from './areas'

describe('bands of floor area', () => {
  it('follow one another from the smallest homes to the largest', () => {
    expect(AREAS.map((one) => one.title)).toEqual(['30 ㎡以内', '30—45 ㎡', '45—60 ㎡', '60—80 ㎡', '80 ㎡以上'])
  })

  it('are asked for by their bounds; an open side has none, an unknown band neither', () => {
    expect(AREAS.map((one) => areaAsked(one.code))).toEqual([
      { area_max: '30' },
      { area_min: '30', area_max: '45' },
      { area_min: '45', area_max: '60' },
      { area_min: '60', area_max: '80' },
      { area_min: '80' },
    ])
    expect(areaAsked('')).toEqual({})
    expect(areaAsked('1-9')).toEqual({})
  })
})
