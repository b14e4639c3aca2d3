import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import ActionDialog from './ActionDialog.vue'

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

/** Presses the button of a dialog for rows, which the server answers so; what then stands on the page. */
async function said(ids: number[], status: number, body: unknown): Promise<string> {
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status }))),
  )
  const field = { key: 'note', title: '锁定原因', type: 'textarea' as const }
  const shown = mount(ActionDialog, {
    props: {
      register: 'supply.units',
      action: { key: 'lock', title: '锁定', fields: [field] },
      ids,
      title: 'A-1',
      names: new Map([[1, 'A-1']]),
    },
    attachTo: document.body,
  })
  await flushPromises()
  const press = [...document.querySelectorAll<HTMLElement>('.el-dialog__footer button')].at(-1)
  press?.click()
  await flushPromises()
  const text = document.body.textContent ?? ''
  shown.unmount()
  return text
}

describe('a refused act', () => {
  it('is told with what to do, under the field that it concerns', async () => {
    const body = { code: 'x', message: '锁定原因太短', advice: '请写明到几时', field: 'note' }
    expect(await said([1], 422, body)).toContain('锁定原因太短，请写明到几时')
  })

  it('is told where it concerns no field of the dialog', async () => {
    const body = {
      code: 'supply.talent_marked',
      message: '这套房源已有人才房标识',
      advice: '请在“人才房源”里修改',
      field: 'unit',
    }
    expect(await said([1], 409, body)).toContain('这套房源已有人才房标识，请在“人才房源”里修改')
  })

  it('of some of the rows says for each why and what to do', async () => {
    const failed = [{ id: 1, code: 'x', message: '只有空置房源可以锁定', advice: '请先办理退租' }]
    expect(await said([1, 2], 200, { done: 1, failed, told: [] })).toContain('A-1：只有空置房源可以锁定，请先办理退租')
  })
})
