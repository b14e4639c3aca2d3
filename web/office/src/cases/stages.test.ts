import type { CaseStep } from '@anju/shared/api/cases'
import { describe, expect, it } from 'vitest'
import { stagesOf } from './stages'

const step = (node: string, stage: string, state: CaseStep['state']): CaseStep => ({
  node,
  title: node,
  stage,
  kind: 'user',
  state,
  who: '',
  at: null,
  outcome: '',
  outcome_title: '',
})

describe('steps are joined to stages', () => {
  it('lights the stage of the present step and names that step', () => {
    const stages = stagesOf([
      step('受理', '受理', 'done'),
      step('初审', '初审', 'done'),
      step('初审核定', '初审', 'now'),
      step('复审', '复审', 'todo'),
    ])
    expect(stages.map((one) => [one.title, one.state])).toEqual([
      ['受理', 'done'],
      ['初审核定', 'now'],
      ['复审', 'todo'],
    ])
  })
})
