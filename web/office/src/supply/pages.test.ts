import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import DifferencesPage from './DifferencesPage.vue'
import PublishingPage from './PublishingPage.vue'
import UnitLifePage from './UnitLifePage.vue'

afterEach(() => vi.unstubAllGlobals())

/** A page at an address, whose questions are answered by the ends of their addresses. */
async function opened(page: Component, path: string, at: string, answers: Record<string, unknown>) {
  const answer = (target: string) => {
    const found = Object.keys(answers).find((end) => target.split('?')[0]?.endsWith(end))
    return Promise.resolve(new Response(JSON.stringify(found ? answers[found] : { rows: [], next: null })))
  }
  vi.stubGlobal('fetch', vi.fn(answer))
  const pinia = createPinia()
  setActivePinia(pinia)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path, component: page }] })
  await router.push(at)
  const shown = mount(page, {
    global: {
      plugins: [pinia, router, [VueQueryPlugin, { queryClient: new QueryClient() }]],
      stubs: { RouterLink: true },
    },
  })
  await flushPromises()
  return shown
}

it('a kind of entry that is not among those listed may be among the earlier ones', async () => {
  const entry = { at: '2026-11-20T01:00:00Z', kind: 'state', title: '发布', by: '梁辰', note: '', changes: [] }
  const unit = { id: 7, code: 'JW01-1', address: '江湾家园', status: 'vacant', project_id: 1 }
  const life = { unit, entries: [entry], next: '2026-01-01T00:00:00Z', lineage: [], occupancies: [] }
  const shown = await opened(UnitLifePage, '/supply/units/:id', '/supply/units/7', { '/life': life })
  await shown
    .findAll('button')
    .find((one) => one.text() === '拆并')
    ?.trigger('click')
  expect(shown.text()).toContain('列出的记录里没有这一类，可以再看更早的记录')
  expect(shown.text()).toContain('更早的记录')
})

it('a search among the projects to publish that finds none says so and leads back', async () => {
  const project = {
    id: 1,
    code: 'JW01',
    name: '江湾家园',
    programme: '',
    division: '',
    own: true,
    counts: {},
    review: null,
  }
  const shown = await opened(PublishingPage, '/supply/publishing', '/supply/publishing', { '/publishing': [project] })
  await shown.find('input[aria-label=查找项目]').setValue('南屏')
  expect(shown.find('aside').text()).toContain('没有这样的项目')
  await shown
    .findAll('aside button')
    .find((one) => one.text() === '看全部项目')
    ?.trigger('click')
  expect(shown.find('aside').text()).toContain('江湾家园')
})

it('a comparison of nothing does not say that both sides are alike', async () => {
  const answers = { '/differences': { compared: 0, rows: [], next: null } }
  const shown = await opened(DifferencesPage, '/supply/differences', '/supply/differences', answers)
  await shown
    .findAll('button')
    .find((one) => one.text() === '开始核对')
    ?.trigger('click')
  await flushPromises()
  expect(shown.text()).toContain('没有可以核对的')
  expect(shown.text()).not.toContain('两边一致')
})
