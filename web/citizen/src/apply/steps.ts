/** The nine steps of the application as a person reads them; the questions themselves come from the server's schema. */
import type { Draft, PageFault, PageKey } from '../api/types'

export interface Step {
  key: PageKey | 'check'
  title: string
  heading: string
  hint?: string
  /** What to have at hand, beside the question on a wide window. */
  ready?: string[]
  minutes: number
}

export const STEPS: Step[] = [
  { key: 'place', title: '选择地区', heading: '在哪个区申请？', minutes: 1 },
  { key: 'notice', title: '阅读须知', heading: '申请之前，先看这些', minutes: 2 },
  { key: 'commitment', title: '承诺书', heading: '读一遍承诺书', hint: '读完同意了，才能往下填。', minutes: 1 },
  {
    key: 'form',
    title: '申请人情况',
    heading: '说说你的情况',
    minutes: 3,
    ready: ['身份证', '工作单位的名称', '家里每月的收入'],
  },
  { key: 'members', title: '家庭成员', heading: '哪些人和你一起申请？', minutes: 4, ready: ['每个人的身份证或户口簿'] },
  {
    key: 'housing',
    title: '现在的住房',
    heading: '你们一家现在住在哪里？',
    minutes: 3,
    ready: ['租房合同（看房租和面积）', '自己家的房子：不动产证'],
  },
  {
    key: 'property',
    title: '家庭资产',
    heading: '家里有哪些财产？',
    minutes: 2,
    ready: ['车辆行驶证', '存款和理财的大概数'],
  },
  {
    key: 'materials',
    title: '上传材料',
    heading: '上传材料',
    minutes: 4,
    ready: ['身份证件', '户口簿或居住证', '结婚证或离婚证'],
  },
  { key: 'check', title: '检查并提交', heading: '提交前，再看一遍', minutes: 2 },
]

export const TOTAL = STEPS.length

export function stepAt(key: string): { step: Step; index: number } | null {
  const index = STEPS.findIndex((step) => step.key === key)
  const step = STEPS[index]
  return step ? { step, index } : null
}

export type Progress = 'done' | 'now' | 'todo' | 'locked'

/** How far each step is: the first that is not done is the present one, the last opens when all before are done. */
export function progressOf(done: readonly string[]): Record<string, Progress> {
  const finished = new Set(done)
  const found: Record<string, Progress> = {}
  let presentSeen = false
  for (const step of STEPS) {
    if (step.key === 'check') {
      found.check = presentSeen ? 'locked' : 'now'
    } else if (finished.has(step.key)) {
      found[step.key] = 'done'
    } else {
      found[step.key] = presentSeen ? 'todo' : 'now'
      presentSeen = true
    }
  }
  return found
}

export const doneCount = (draft: Draft | null) => draft?.done.length ?? 0

/** Minutes that the rest will take. */
export function minutesLeft(done: readonly string[]): number {
  const finished = new Set(done)
  return STEPS.filter((step) => !finished.has(step.key)).reduce((sum, step) => sum + step.minutes, 0)
}

/** How many things each page still lacks. */
export function faultsByPage(faults: PageFault[]): Map<PageKey, number> {
  const found = new Map<PageKey, number>()
  for (const fault of faults) found.set(fault.page, (found.get(fault.page) ?? 0) + 1)
  return found
}
