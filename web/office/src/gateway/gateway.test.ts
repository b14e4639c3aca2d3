import { expect, test } from 'vitest'
import { addressed, filled, places } from './gateway'

const point = (at: string) => ({ at, calls: 3, failed: 1, refused: 0, p95_ms: 5 })

test('stretches without calls are shown as such', () => {
  const found = filled([point('2026-11-21T02:10:00Z')], '2026-11-21T02:03:00Z', '2026-11-21T02:21:00Z', 600)
  expect(found.map((each) => [each.at, each.calls])).toEqual([
    ['2026-11-21T02:00:00.000Z', 0],
    ['2026-11-21T02:10:00Z', 3],
    ['2026-11-21T02:20:00.000Z', 0],
  ])
})

test('places of an address are found and filled', () => {
  const path = '/registers/supply.units/rows/{row_id}/history'
  expect(places(path)).toEqual(['row_id'])
  expect(addressed(path, { row_id: '1/2' })).toBe('/registers/supply.units/rows/1%2F2/history')
  expect(places('/open/users')).toEqual([])
})
