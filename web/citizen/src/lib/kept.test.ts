import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '../api/types'
import { session } from '../session'
import { makeKept, MOST, placed, useKept, type Shelves } from './kept'
import { store } from './store'

describe('a shelf of projects', () => {
  it('holds each project once, the latest first, and no more than it may', () => {
    expect(placed(['A', 'B'], 'C', 4)).toEqual(['C', 'A', 'B'])
    expect(placed(['A', 'B'], 'B', 4)).toEqual(['B', 'A'])
    expect(placed(['A', 'B', 'C', 'D'], 'E', 4)).toEqual(['E', 'A', 'B', 'C'])
  })

  it('for comparing takes no fifth, and says so', () => {
    const kept = useKept()
    for (const code of ['A', 'B', 'C', 'D']) kept.toggle('compare', code)
    expect(kept.compare('A')).toEqual({ words: '已加入对比', full: false })
    expect(kept.compare('E')).toEqual({ words: `最多对比 ${MOST.compare} 个`, full: true })
    kept.toggle('compare', 'B')
    expect(kept.compare('E')).toEqual({ words: '加入对比', full: false })
  })
})

describe('shelves of somebody who signs in', () => {
  let number = 0
  let key: string
  let path: string
  type Sent = Shelves<number> & { merge: boolean }
  let sent: Sent[]
  let answer: (found: Shelves<number> | number) => void
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  const person = (id: number) => ({ id }) as Me

  beforeEach(() => {
    sent = []
    // Shelves of the tests before stand beside: each has a place of its own.
    key = `anju.test.${++number}`
    path = `/citizen/test/${number}`
    session.state.me = null
    vi.stubGlobal(
      'fetch',
      vi.fn((url: string, init: RequestInit) => {
        if (!url.endsWith(path)) return Promise.reject(new TypeError('elsewhere'))
        const body = JSON.parse(String(init.body)) as Sent
        sent.push(body)
        if (!body.merge) return Promise.resolve(new Response(JSON.stringify(body)))
        return new Promise<Response>((resolve) => {
          answer = (found) =>
            resolve(
              typeof found === 'number' ? new Response('{}', { status: found }) : new Response(JSON.stringify(found)),
            )
        })
      }),
    )
  })
  afterEach(() => {
    session.state.me = null
    store.forget(key)
    vi.unstubAllGlobals()
  })

  it('lose nothing that the server kept, whatever is looked at before it answers', async () => {
    const kept = makeKept<number>(key, path, '套')()
    kept.put('favourite', 5)
    session.state.me = person(1)
    kept.put('seen', 7)
    kept.drop('favourite', 5)
    await settled()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ favourite: [5], merge: true })
    answer({ favourite: [5, 8], seen: [9], compare: [] })
    await settled()
    expect(kept.shelves).toEqual({ favourite: [8], seen: [7, 9], compare: [] })
    expect(sent[1]).toEqual({ favourite: [8], seen: [7, 9], compare: [], merge: false })
    expect(store.read(key)).toBeNull()
  })

  it('are cleared when he signs out, and are not those of the next', async () => {
    const use = makeKept<number>(key, path, '套')
    const kept = use()
    session.state.me = person(1)
    await settled()
    answer({ favourite: [8], seen: [], compare: [2] })
    await settled()
    expect(kept.has('favourite', 8)).toBe(true)
    session.state.me = null
    expect(kept.shelves).toEqual({ favourite: [], seen: [], compare: [] })
    session.state.me = person(2)
    await settled()
    expect(sent.at(-1)).toEqual({ favourite: [], seen: [], compare: [], merge: true })
    session.state.me = null
    answer({ favourite: [3], seen: [], compare: [] })
    await settled()
    expect(kept.shelves.favourite).toEqual([])
  })

  it('stay on the device while the server cannot be asked, and are brought the next time', async () => {
    const use = makeKept<number>(key, path, '套')
    const kept = use()
    session.state.me = person(1)
    kept.put('favourite', 4)
    await settled()
    answer(502)
    await settled()
    expect(store.read<Shelves<number>>(key)?.favourite).toEqual([4])
    use()
    await settled()
    expect(sent[1]).toMatchObject({ favourite: [4], merge: true })
    answer({ favourite: [4, 6], seen: [], compare: [] })
    await settled()
    expect(kept.shelves.favourite).toEqual([4, 6])
  })
})
