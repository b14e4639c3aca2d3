import type { CaseView, Outcome } from '@anju/shared/api/cases'
import { beforeEach, describe, expect, it } from 'vitest'
import { computed, ref } from 'vue'
import { useStep } from './useStep'

const pass: Outcome = {
  key: 'pass',
  title: '通过',
  tone: 'primary',
  needs: { opinion: true, reason_type: null, reason_min: null, inform: false },
  form: null,
  blocked: null,
}
const fail: Outcome = {
  ...pass,
  key: 'fail',
  title: '不通过',
  tone: 'danger',
  needs: { opinion: true, reason_type: [{ code: 'housing', title: '住房超过标准' }], reason_min: 15, inform: true },
}
const blocked: Outcome = {
  ...pass,
  blocked: { code: 'check.failed', message: '不动产核查不通过，只能按不通过提交', anchor: 'checks' },
}

function step(...outcomes: Outcome[]) {
  const view = ref({ id: 7, task: { id: 9, outcomes } } as unknown as CaseView)
  return useStep(computed(() => view.value))
}

beforeEach(() => sessionStorage.clear())

describe('a step names what is missing', () => {
  it('asks for the outcome, then for the opinion', () => {
    const now = step(pass, fail)
    expect(now.missing.value).toBe('请先选择办理结果')
    now.pick(1)
    expect(now.missing.value).toBe('请填写办理意见')
    now.draft.opinion = '情况属实'
    expect(now.missing.value).toBe('')
  })
  it('asks a refusal for type and a reason of fifteen characters', () => {
    const now = step(pass, fail)
    now.pick(2)
    now.draft.opinion = '不同意'
    expect(now.missing.value).toBe('请选择理由类型')
    now.draft.reason_type = 'housing'
    now.draft.reason = '一二三四五六七八九十一二三四'
    expect(now.missing.value).toBe('理由至少 15 个字，现有 14 个')
    now.draft.reason += '五'
    expect(now.missing.value).toBe('')
    expect(now.body()).toMatchObject({ outcome: 'fail', reason_type: 'housing' })
  })
  it('says why an outcome is not possible instead of hiding it', () => {
    const now = step(blocked, fail)
    now.pick('pass')
    expect(now.missing.value).toContain('只能按不通过提交')
  })
  it('begins a form with what was handed in before', () => {
    const field = { key: 'units', title: '供应套数', type: 'integer' as const, default: 1 }
    const form = { key: 'order', title: '供应单', sections: [{ key: 'order', title: '供应单', fields: [field] }] }
    const now = step({ ...pass, form, data: { units: 100 } }, { ...fail, form })
    now.pick('pass')
    expect(now.data.value).toEqual({ units: 100 })
    now.pick('fail')
    expect(now.data.value).toEqual({ units: 1 })
  })
  it('sends no reason with an outcome that asks for none', () => {
    const now = step(pass, fail)
    now.draft.reason = '换了主意之前写下的理由还在这里'
    now.pick('pass')
    expect(now.body().reason).toBe('')
  })
  it('keeps what was written when the page is opened again', async () => {
    const first = step(pass)
    first.draft.opinion = '写到一半'
    await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
    expect(step(pass).draft.opinion).toBe('写到一半')
  })

  it('tells the applicant by text message only where that can be chosen, and only if it was', () => {
    const now = step(pass, fail)
    now.pick('fail')
    expect(now.body().inform).toBe(false)
    now.draft.inform = true
    expect(now.body().inform).toBe(true)
    now.pick('pass')
    expect(now.body().inform).toBe(false)
  })
})
