/** Steps joined to the stages people speak of: 初审, 核定 and 公示录入 of one stage are one dot. */
import type { CaseStep } from '@anju/shared/api/cases'

export interface Stage {
  key: string
  title: string
  state: CaseStep['state']
  who: string
  at: string | null
  /** user, service or timer, of the step that is shown */
  kind: string
}

export function stagesOf(steps: CaseStep[]): Stage[] {
  const groups: CaseStep[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (last && step.stage && last[0]?.stage === step.stage) last.push(step)
    else groups.push([step])
  }
  return groups.map((group) => {
    const first = group[0] as CaseStep
    const now = group.find((step) => step.state === 'now')
    const done = group.filter((step) => step.state === 'done')
    const shown = now ?? done.at(-1) ?? first
    const state = now ? 'now' : done.length === group.length ? 'done' : done.length ? 'now' : 'todo'
    return {
      key: first.node,
      title: now?.title ?? (first.stage || first.title),
      state,
      who: shown.who,
      at: shown.at,
      kind: shown.kind,
    }
  })
}
