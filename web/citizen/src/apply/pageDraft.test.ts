import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '../api/http'
import type { FilledPage, ServerPage, Values } from '../api/types'
import { createPageDraft, opening, type Held, type Means, type Saved } from './pageDraft'

const server = (data: Values, version: number): ServerPage => ({ data, version, saved_at: '2026-03-02T02:38:00Z' })
const held = (data: Values, base: number): Held => ({ data, base, at: '2026-03-02T02:30:00Z' })

function device() {
  const kept = new Map<FilledPage, Held>()
  const means = (put: Means['put']): Means => ({
    put,
    keep: (page, one) => void kept.set(page, one),
    forget: (page) => void kept.delete(page),
    now: () => '2026-03-02T02:40:00Z',
  })
  return { kept, means }
}
const saved = (version: number): Saved => ({ version, saved_at: '2026-03-02T02:41:00Z', errors: [] })

describe('opening a page', () => {
  it('shows what the server has when this device holds nothing', () => {
    expect(opening(server({ rent: '2300' }, 2), null)).toMatchObject({
      data: { rent: '2300' },
      version: 2,
      save: 'fresh',
      other: null,
    })
  })
  it('goes on with what was typed here when the server has not moved on', () => {
    expect(opening(server({ rent: '2300' }, 2), held({ rent: '2400' }, 2))).toMatchObject({
      data: { rent: '2400' },
      save: 'changed',
      other: null,
    })
  })
  it('lets the newer server version win and offers ours', () => {
    const opened = opening(server({ rent: '2500' }, 3), held({ rent: '2400' }, 2))
    expect(opened.data).toEqual({ rent: '2500' })
    expect(opened.other).toEqual({ data: { rent: '2400' }, at: '2026-03-02T02:30:00Z', where: 'here' })
  })
  it('offers nothing when both say the same', () => {
    expect(opening(server({ rent: '2400' }, 3), held({ rent: '2400' }, 2)).other).toBeNull()
  })
})

describe('saving a page', () => {
  it('keeps it on the device first and lets go once the server has it', async () => {
    const { kept, means } = device()
    const draft = createPageDraft(
      'housing',
      server({}, 0),
      null,
      means(async () => saved(1)),
    )
    draft.set({ situation: 'rented' })
    expect(kept.get('housing')).toEqual({ data: { situation: 'rented' }, base: 0, at: '2026-03-02T02:40:00Z' })
    expect(await draft.save()).toBe(true)
    expect(kept.has('housing')).toBe(false)
    expect(draft.state).toMatchObject({ version: 1, save: 'saved' })
  })

  it('stores an empty page that was looked at and left as it is', async () => {
    const put = vi.fn(async () => saved(1))
    const draft = createPageDraft('property', server({}, 0), null, device().means(put))
    expect(await draft.save()).toBe(true)
    expect(put).toHaveBeenCalledWith('property', 0, {})
    await draft.save()
    expect(put).toHaveBeenCalledTimes(1)
  })

  it('sends what was typed while it was being saved, over the new version', async () => {
    const { kept, means } = device()
    const sent: [number, Values][] = []
    const draft = createPageDraft(
      'housing',
      server({}, 0),
      null,
      means(async (_page, version, data) => {
        sent.push([version, data])
        if (sent.length === 1) draft.set({ rent: '2300' })
        return saved(version + 1)
      }),
    )
    draft.set({ rent: '23' })
    expect(await draft.save()).toBe(true)
    expect(sent).toEqual([
      [0, { rent: '23' }],
      [1, { rent: '2300' }],
    ])
    expect(kept.size).toBe(0)
  })

  it('asks the server once for two calls at the same time', async () => {
    const put = vi.fn(async () => saved(1))
    const draft = createPageDraft('form', server({}, 0), null, device().means(put))
    draft.set({ address: '文昌路 86 弄' })
    await Promise.all([draft.save(), draft.save()])
    expect(put).toHaveBeenCalledTimes(1)
  })

  it('keeps everything on the device when the network is gone', async () => {
    const { kept, means } = device()
    const draft = createPageDraft(
      'housing',
      server({}, 0),
      null,
      means(async () => {
        throw new ApiError(0, { code: 'network', message: '网络断了' })
      }),
    )
    draft.set({ rent: '2300' })
    expect(await draft.save()).toBe(false)
    expect(draft.state.save).toBe('offline')
    expect(draft.changed.value).toBe(true)
    expect(kept.get('housing')?.data).toEqual({ rent: '2300' })
  })
})

describe('two devices on one page', () => {
  const newer = server({ rent: '2500' }, 5)
  const conflicting = (): Means['put'] => {
    let first = true
    return async (_page, version) => {
      if (!first) return saved(version + 1)
      first = false
      throw new ApiError(409, {
        code: 'draft.newer',
        message: '另一台设备刚刚保存过这一页',
        details: { current: newer },
      })
    }
  }

  it('takes the other device’s version and offers what was typed here', async () => {
    const { kept, means } = device()
    const draft = createPageDraft('housing', server({}, 4), null, means(conflicting()))
    draft.set({ rent: '2400' })
    expect(await draft.save()).toBe(false)
    expect(draft.state).toMatchObject({ data: { rent: '2500' }, version: 5 })
    expect(draft.state.other).toMatchObject({ data: { rent: '2400' }, where: 'here' })
    expect(kept.size).toBe(0)
  })

  it('puts ours back over the newer version when the person wants it', async () => {
    const { means } = device()
    const draft = createPageDraft('housing', server({}, 4), null, means(conflicting()))
    draft.set({ rent: '2400' })
    await draft.save()
    draft.takeOther()
    expect(draft.state.data).toEqual({ rent: '2400' })
    expect(draft.state.other).toBeNull()
    expect(await draft.save()).toBe(true)
    expect(draft.state.version).toBe(6)
  })
})
