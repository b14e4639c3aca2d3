import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { useTabs } from './useTabs'
import { useUnsaved, useUnsavedWhile } from './useUnsaved'

describe('words that the server has not got', () => {
  it('ask before they are left, and no more once saved', async () => {
    setActivePinia(createPinia())
    const text = ref('')
    let settled = () => {}
    const Page = defineComponent(() => {
      settled = useUnsaved(text).settled
      return () => h('p')
    })
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: '/form', component: Page },
        { path: '/other', component: defineComponent(() => () => h('p')) },
      ],
    })
    await router.push('/form')
    mount(RouterView, { global: { plugins: [router] }, attachTo: document.body })
    await router.isReady()
    text.value = '写了一半'
    await new Promise((resolve) => setTimeout(resolve))
    expect(useTabs().unsaved.has('/form')).toBe(true)

    const leaving = router.push('/other')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stay = [...document.querySelectorAll('button')].find((one) => one.textContent?.includes('继续填写'))
    expect(stay).toBeDefined()
    stay?.click()
    await leaving
    expect(router.currentRoute.value.path).toBe('/form')

    settled()
    await router.push('/other')
    expect(router.currentRoute.value.path).toBe('/other')
  })

  it('are marked as long as a page says that there are some, and again after it was saved', async () => {
    setActivePinia(createPinia())
    const typed = ref('')
    const Page = defineComponent(() => {
      useUnsavedWhile(() => typed.value !== '')
      return () => h('p')
    })
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/form', component: Page }] })
    await router.push('/form')
    const page = mount(RouterView, { global: { plugins: [router] } })
    await router.isReady()
    for (const [now, marked] of [
      ['写了一半', true],
      ['', false],
      ['又写', true],
    ] as const) {
      typed.value = now
      await new Promise((resolve) => setTimeout(resolve))
      expect(useTabs().unsaved.has('/form')).toBe(marked)
    }
    page.unmount()
    expect(useTabs().unsaved.has('/form')).toBe(false)
  })
})
