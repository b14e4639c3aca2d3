import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import ConflictDialog from './ConflictDialog.vue'

afterEach(() => (document.body.innerHTML = ''))

describe('someone saved first', () => {
  it('shows both values and keeps what was chosen, field by field', async () => {
    const fields = [
      { key: 'rent', title: '月租金', type: 'money' as const },
      { key: 'note', title: '说明', type: 'text' as const },
      { key: 'same', title: '不变', type: 'text' as const },
    ]
    const dialog = mount(ConflictDialog, {
      attachTo: document.body,
      props: {
        fields,
        current: { rent: '1500.00', note: '他', same: 'x' },
        mine: { rent: '1600.00', note: '我', same: 'x' },
      },
    })
    await dialog.vm.$nextTick()
    const text = document.body.textContent ?? ''
    expect(text).toContain('1500.00')
    expect(text).toContain('1600.00')
    expect(text).not.toContain('不变')
    const radios = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')]
    radios.find((one) => one.name === 'note' && one.value === 'current')?.click()
    await dialog.vm.$nextTick()
    ;[...document.querySelectorAll('button')].find((one) => one.textContent?.includes('按选择保存'))?.click()
    expect(dialog.emitted('resolve')?.[0]?.[0]).toEqual({ rent: '1600.00', note: '他', same: 'x' })
  })
})
