import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useTabs } from '@/lib/useTabs'
import TabsBar from './TabsBar.vue'

/** Four open pages, two of them with unsaved words; the menu of a tab, and the answer to the question if one is asked. */
async function chosen(tab: string, item: string, answer: string): Promise<{ asked: string[]; open: string[] }> {
  const pinia = createPinia()
  setActivePinia(pinia)
  const tabs = useTabs()
  for (const title of ['甲', '乙', '丙', '丁']) tabs.open(`/${title}`, title)
  tabs.mark('/乙', true)
  tabs.mark('/丁', true)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:page*', component: { render: () => null } }],
  })
  await router.push('/乙')
  const bar = mount(TabsBar, { global: { plugins: [pinia, router] }, attachTo: document.body })
  const at = bar.findAll('[role=tab]').find((one) => one.text() === tab)
  await at?.trigger('contextmenu')
  await bar
    .findAll('[role=menuitem]')
    .find((one) => one.text() === item)
    ?.trigger('click')
  await flushPromises()
  const asked = [...document.querySelectorAll('.el-message-box__message')].map((one) => one.textContent ?? '')
  const press = [...document.querySelectorAll<HTMLElement>('.el-message-box__btns button')]
  press.find((one) => one.textContent?.includes(answer))?.click()
  await flushPromises()
  const open = tabs.tabs.slice(1).map((one) => one.title)
  bar.unmount()
  document.body.innerHTML = ''
  return { asked, open }
}

it('asks once before several pages are closed, naming those with unsaved words', async () => {
  const stayed = await chosen('甲', '关闭其他', '继续填写')
  expect(stayed.asked).toEqual(['“乙”、“丁”有未保存的内容，关闭后不会保留。'])
  expect(stayed.open).toEqual(['甲', '乙', '丙', '丁'])
  expect((await chosen('甲', '关闭其他', '关闭')).open).toEqual(['甲'])
})

it('asks of the pages that are closed only', async () => {
  const right = await chosen('乙', '关闭右侧', '关闭')
  expect(right.asked).toEqual(['“丁”有未保存的内容，关闭后不会保留。'])
  expect(right.open).toEqual(['甲', '乙'])
})
