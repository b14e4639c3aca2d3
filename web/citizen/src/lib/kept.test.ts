import { describe, expect, it } from 'vitest'
import { placed } from './kept'

describe('a shelf of projects', () => {
  it('holds each project once, the latest first, and no more than it may', () => {
    expect(placed(['A', 'B'], 'C', 4)).toEqual(['C', 'A', 'B'])
    expect(placed(['A', 'B'], 'B', 4)).toEqual(['B', 'A'])
    expect(placed(['A', 'B', 'C', 'D'], 'E', 4)).toEqual(['E', 'A', 'B', 'C'])
  })
})
