import { afterEach, expect, it, vi } from 'vitest'
import type { Application } from '../api/types'
import { loadApplication, materials, pageDraft, setMaterials, wizard } from './wizard'

const nothingYet: Application = {
  draft: null,
  prefill: {},
  materials: [{ key: 'identity', title: '身份证件', required: true }],
  schema: { key: 'application', title: '申请', version: 1, sections: [] },
  open_case: null,
  can_start: true,
  why_not: null,
}
const kept = { data: { division: '339901' }, version: 1, saved_at: '2026-11-21T02:00:00Z' }
const photo = { id: 3, klass: 'identity', name: '身份证.jpg', mime: 'image/jpeg', url: '/api/x' }

/** A server that has no draft before the first page is kept. */
function server(): void {
  let begun = false
  vi.stubGlobal(
    'fetch',
    vi.fn((url: string, init: RequestInit = {}) => {
      if (init.method === 'PUT') begun = true
      const pages = { place: kept, materials: { classes: nothingYet.materials, items: [] } }
      const application = begun
        ? { ...nothingYet, draft: { id: 1, version: 1, saved_at: kept.saved_at, pages, done: [] } }
        : nothingYet
      const body = url.includes('dictionaries') ? {} : init.method === 'PUT' ? { ...kept, errors: [] } : application
      return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }))
    }),
  )
}

afterEach(() => vi.unstubAllGlobals())

it('knows the draft from the first page kept on, so that steps and materials show', async () => {
  server()
  await loadApplication()
  expect(wizard.application.value?.draft).toBeNull()
  const page = pageDraft('place')
  page.set({ division: '339901' })
  await page.save()
  expect(wizard.application.value?.draft?.pages.place?.version).toBe(1)
  expect(pageDraft('place')).toBe(page)
  page.set({ division: '339902' })
  await page.save()
  expect(wizard.application.value?.draft?.done).toEqual(['place'])
  setMaterials([photo as never])
  expect(wizard.application.value?.draft?.done).toEqual(['place', 'materials'])
  expect(materials().items).toHaveLength(1)
})
