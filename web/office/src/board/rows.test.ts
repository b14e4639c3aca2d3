import { describe, expect, it } from 'vitest'
import { ROW, spanOf } from './rows'

describe('the rows that a board draws', () => {
  it('are those in sight and a few beyond, whatever the number of floors', () => {
    expect(spanOf(0, 600, 12)).toEqual([0, 12])
    const [first, last] = spanOf(500 * ROW, 600, 1000)
    expect(first).toBe(494)
    expect(last - first).toBeLessThan(30)
    expect(spanOf(999 * ROW, 600, 1000)[1]).toBe(1000)
    expect(spanOf(5000 * ROW, 600, 10)).toEqual([10, 10])
  })
})
