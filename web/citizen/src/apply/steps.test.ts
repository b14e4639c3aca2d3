import { describe, expect, it } from 'vitest'
import { minutesLeft, progressOf, STEPS } from './steps'

describe('the nine steps', () => {
  it('stand in the order of ZB-05.1', () => {
    expect(STEPS.map((step) => step.key)).toEqual([
      'place',
      'notice',
      'commitment',
      'form',
      'members',
      'housing',
      'property',
      'materials',
      'check',
    ])
  })
  it('show the first that is not done as the present one and lock the last', () => {
    const progress = progressOf(['place', 'notice', 'commitment', 'form'])
    expect(progress).toMatchObject({ place: 'done', members: 'now', housing: 'todo', check: 'locked' })
  })
  it('open the last when all before are done', () => {
    const all = STEPS.filter((step) => step.key !== 'check').map((step) => step.key)
    expect(progressOf(all).check).toBe('now')
    expect(minutesLeft(all)).toBeLessThan(minutesLeft([]))
  })
})
