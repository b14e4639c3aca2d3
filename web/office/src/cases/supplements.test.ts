import type { CaseView } from '@anju/shared/api/cases'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import SupplementsCard from './SupplementsCard.vue'
import { atTheDesk, missingOf, unready } from './supplements'
import type { CaseWork } from './useCase'

const item = (id: number, title: string, uploaded = false) => ({
  id,
  klass: `k${id}`,
  title,
  note: '',
  file_id: uploaded ? 9 : null,
  name: uploaded ? '已传.jpg' : '',
  uploaded,
})

function caseWith(mine: boolean, ...uploaded: boolean[]): CaseView {
  return {
    id: 7,
    state: 'supplement',
    task: { id: 3, mine },
    supplements: [
      {
        id: 1,
        state: 'asked',
        state_title: '待补件',
        note: '',
        asked_by: '方婷',
        asked_at: '2026-11-20T01:00:00Z',
        due_on: '2026-11-27',
        done_at: null,
        items: [item(11, '婚姻状况证明', uploaded[0]), item(12, '户口簿', uploaded[1])],
      },
    ],
  } as unknown as CaseView
}

const desk = () => ({
  busy: ref(false),
  putSupplement: vi.fn().mockResolvedValue(true),
  finishSupplement: vi.fn().mockResolvedValue(true),
})
const card = (view: CaseView, work: ReturnType<typeof desk>) =>
  mount(SupplementsCard, { attachTo: document.body, props: { view, work: work as unknown as CaseWork } })

afterEach(() => (document.body.innerHTML = ''))

describe('papers that the resident brings to the counter', () => {
  it('are taken in by whoever has the case in hand, and by nobody else', () => {
    expect(atTheDesk(caseWith(true))?.id).toBe(1)
    expect(atTheDesk(caseWith(false))).toBeUndefined()
    expect(atTheDesk({ ...caseWith(true), state: 'open' })).toBeUndefined()
    expect(card(caseWith(false), desk()).find('input[type=file]').exists()).toBe(false)
  })

  it('lets an incomplete request end only with a reason', () => {
    const request = atTheDesk(caseWith(true, true, false))!
    expect(missingOf(request)).toEqual(['户口簿'])
    expect(unready(request, '不补了')).toContain('户口簿还没有补到')
    expect(unready(request, '申请人电话说明不再补')).toBe('')
    expect(unready(atTheDesk(caseWith(true, true, true))!, '')).toBe('')
  })

  it('sends each file for its own item', async () => {
    const work = desk()
    const shown = card(caseWith(true), work)
    const input = shown.find<HTMLInputElement>('input[type=file][aria-label="上传户口簿"]')
    const file = new File(['x'], '户口簿.jpg', { type: 'image/jpeg' })
    Object.defineProperty(input.element, 'files', { value: [file] })
    await input.trigger('change')
    expect(work.putSupplement).toHaveBeenCalledWith(12, file)
  })

  it('ends with the reason that was written, and says what is missing before that', async () => {
    const work = desk()
    const shown = card(caseWith(true, true, false), work)
    const end = () => shown.findAll('button').find((one) => one.text() === '结束补件')!
    await end().trigger('click')
    expect(shown.find('[role=alert]').text()).toContain('户口簿还没有补到')
    expect(work.finishSupplement).not.toHaveBeenCalled()
    await shown.find('input[maxlength="300"]').setValue('申请人来电说明不再补')
    await end().trigger('click')
    await flushPromises()
    expect(work.finishSupplement).toHaveBeenCalledWith('申请人来电说明不再补')
  })
})
