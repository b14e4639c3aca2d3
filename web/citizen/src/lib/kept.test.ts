import { describe, expect, it } from 'vitest'
import { MOST, placed, useKept } from './kept'

describe('a shelf of projects', () => {
  it('holds each project once, the latest first, and no more than it may', () => {
    expect(placed(['A', 'B'], 'C', 4)).toEqual(['C', 'A', 'B'])
    expect(placed(['A', 'B'], 'B', 4)).toEqual(['B', 'A'])
    expect(placed(['A', 'B', 'C', 'D'], 'E', 4)).toEqual(['E', 'A', 'B', 'C'])
  })

  it('for comparing takes no fifth, and says so', () => {
    const kept = useKept()
    for (const code of ['A', 'B', 'C', 'D']) kept.toggle('compare', code)
    expect(kept.compare('A')).toEqual({ words: '已加入对比', full: false })
    expect(kept.compare('E')).toEqual({ words: `最多对比 ${MOST.compare} 个`, full: true })
    kept.toggle('compare', 'B')
    expect(kept.compare('E')).toEqual({ words: '加入对比', full: false })
  })
})
