import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { stamped } from '../../scripts/stampWorker'

const SOURCE = readFileSync(resolve(import.meta.dirname, '../../public/sw.js'), 'utf8')
type Handler = (event: Record<string, unknown>) => void

/** Stores as a browser has them, by name and address. */
function stores(...names: string[]) {
  const kept = new Map<string, Map<string, Response>>(names.map((name) => [name, new Map()]))
  const address = (request: Request | string) => (typeof request === 'string' ? request : request.url)
  const open = (name: string) => {
    const found = kept.get(name) ?? new Map<string, Response>()
    kept.set(name, found)
    return Promise.resolve({
      addAll: (all: string[]) => Promise.resolve(all.forEach((one) => found.set(one, new Response(one)))),
      put: (request: Request | string, answer: Response) => Promise.resolve(found.set(address(request), answer)),
      match: (request: Request | string) => Promise.resolve(found.get(address(request))),
    })
  }
  return {
    kept,
    open,
    keys: () => Promise.resolve([...kept.keys()]),
    delete: (name: string) => Promise.resolve(kept.delete(name)),
  }
}

/** Runs the worker of a build; gives the way to raise an event in it. */
function worker(files: string[], caches: ReturnType<typeof stores>, fetch = vi.fn()) {
  const handlers = new Map<string, Handler>()
  const self = {
    addEventListener: (name: string, run: Handler) => handlers.set(name, run),
    clients: { claim: vi.fn() },
  }
  const location = { origin: 'https://anju.test' }
  new Function('self', 'caches', 'fetch', 'location', stamped(SOURCE, files))(self, caches, fetch, location)
  return async (name: string, request?: Partial<Request>) => {
    let work: Promise<unknown> | undefined
    const keep = (one: Promise<unknown>) => (work = one)
    handlers.get(name)?.({ request, waitUntil: keep, respondWith: keep })
    return { answered: work !== undefined, value: await work }
  }
}

const asset = { method: 'GET', url: 'https://anju.test/assets/a-1.js', mode: 'cors' } as const

describe('the service worker', () => {
  it('clears what builds before it kept, and nothing of its own', async () => {
    const caches = stores('anju-shell-1', 'anju-shell-0123456789ab')
    const raise = worker(['assets/a-2.js'], caches)
    await raise('install')
    await raise('activate')
    expect(caches.kept.size).toBe(1)
    const [name, own] = [...caches.kept][0]!
    expect(name).toMatch(/^anju-shell-[0-9a-f]{12}$/)
    expect(own.has('/')).toBe(true)
  })

  it('is another one for every build, so that browsers take it', () => {
    expect(stamped(SOURCE, ['a-1.js', 'b-1.js'])).toBe(stamped(SOURCE, ['b-1.js', 'a-1.js']))
    expect(stamped(SOURCE, ['a-2.js', 'b-1.js'])).not.toBe(stamped(SOURCE, ['a-1.js', 'b-1.js']))
    expect(() => stamped('no mark', [])).toThrow('anju-shell-BUILD')
  })

  it('keeps an asset once it was fetched', async () => {
    const fetch = vi.fn().mockResolvedValue(new Response('x'))
    const raise = worker(['assets/a-1.js'], stores(), fetch)
    await raise('fetch', asset)
    await raise('fetch', asset)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('keeps nothing of the API', async () => {
    const raise = worker([], stores())
    expect((await raise('fetch', { ...asset, url: 'https://anju.test/api/citizen/me' })).answered).toBe(false)
  })
})
