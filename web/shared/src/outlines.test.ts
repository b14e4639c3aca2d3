import { describe, expect, it } from 'vitest'
import { centresOf } from './outlines'

const square = (x: number, y: number, side: number) => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
]
const district = (code: string, type: string, coordinates: unknown) => ({
  properties: { code },
  geometry: { type, coordinates },
})

describe('the middle of a district', () => {
  it('is that of its area, and of its largest part where it has several', () => {
    const outlines = {
      features: [
        district('339901', 'Polygon', [square(118, 26, 2)]),
        district('339902', 'MultiPolygon', [[square(0, 0, 1)], [square(120, 30, 4)]]),
      ],
    }
    const found = centresOf(outlines)
    expect(found['339901']?.map((one) => one.toFixed(6))).toEqual(['119.000000', '27.000000'])
    expect(found['339902']?.map((one) => one.toFixed(6))).toEqual(['122.000000', '32.000000'])
  })
})
