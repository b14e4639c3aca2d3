import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { useTabs } from './useTabs'

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
})

describe('open pages', () => {
  it('keeps one tab a page, whatever its filters, and remembers the last ones', () => {
    const tabs = useTabs()
    tabs.open('/registers/supply.units', '房源')
    tabs.open('/registers/supply.units?f.status=vacant', '')
    expect(tabs.tabs.map((one) => one.path)).toEqual(['/', '/registers/supply.units?f.status=vacant'])
    expect(tabs.tabs[1]?.title).toBe('房源')
  })
  it('survives a reload, each person for himself', async () => {
    const tabs = useTabs()
    tabs.load('zhoumin')
    tabs.open('/board', '房态图')
    await nextTick()
    setActivePinia(createPinia())
    const again = useTabs()
    again.load('zhoumin')
    expect(again.tabs.map((one) => one.title)).toEqual(['工作台', '房态图'])
    again.load('fangting')
    expect(again.tabs).toHaveLength(1)
  })
  it('goes to the neighbour when the shown page is closed, and never closes the work view', () => {
    const tabs = useTabs()
    tabs.open('/a', '甲')
    tabs.open('/b', '乙')
    expect(tabs.close('/a')).toBe('/b')
    expect(tabs.close('/b')).toBe('/')
    expect(tabs.close('/')).toBe('/')
    expect(tabs.tabs).toHaveLength(1)
  })
})
