import { describe, expect, it } from 'vitest'
import { stretchOf, tabsOf } from './useCountdown'

describe('the stretches of the countdown', () => {
  it('are tabs with their counts, all of them first', () => {
    const tabs = tabsOf([
      { key: 'late', title: '已逾期', tone: 'bad', count: 2 },
      { key: 'soon', title: '3 个工作日内到期', tone: 'wait', count: 5 },
    ])
    expect(tabs).toEqual([
      { key: '', title: '全部 7' },
      { key: 'late', title: '已逾期 2' },
      { key: 'soon', title: '3 个工作日内到期 5' },
    ])
  })

  it('come from the address, and a wrong one shows all', () => {
    expect(stretchOf('late')).toBe('late')
    expect(stretchOf('yesterday')).toBe('')
    expect(stretchOf(undefined)).toBe('')
  })
})
