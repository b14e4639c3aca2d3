import { describe, expect, it } from 'vitest'
import { ROW, spanOf } from './sight'

describe('the rows and columns that a board draws', () => {
  it('are those in sight and a few beyond, whatever the number of floors or units a floor', () => {
    expect(spanOf(0, 600, ROW, 12)).toEqual([0, 12])
    const [first, last] = spanOf(500 * ROW, 600, ROW, 1000)
    expect(first).toBe(494)
    expect(last - first).toBeLessThan(30)
    expect(spanOf(999 * ROW, 600, ROW, 1000)[1]).toBe(1000)
    expect(spanOf(5000 * ROW, 600, ROW, 10)).toEqual([10, 10])
    const [left, right] = spanOf(108_000 - 44, 1100, 108, 1000)
    expect([left, right]).toEqual([993, 1000])
    expect(spanOf(-44, 1100, 108, 1000)).toEqual([0, 16])
  })
})
