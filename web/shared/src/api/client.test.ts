import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient, queryString } from './client'
import { ApiError } from './errors'

afterEach(() => vi.unstubAllGlobals())

function answer(status: number, body: unknown): void {
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(new Response(JSON.stringify(body), { status })))
}

describe('client', () => {
  it('repeats lists and leaves out what is empty', () => {
    expect(queryString({ q: '', 'f.status': ['free', 'held'], limit: 50, cursor: null })).toBe(
      '?f.status=free&f.status=held&limit=50',
    )
  })
  it('marks unsafe requests as sent by a page of ours', async () => {
    answer(200, {})
    await createClient('office').post('/x', { a: 1 })
    const [, init] = vi.mocked(fetch).mock.calls[0] as [string, RequestInit]
    expect((init.headers as Headers).get('X-Anju-Client')).toBe('office')
  })
  it('sends what is searched for in a header and never in the address', async () => {
    answer(200, { rows: [] })
    await createClient('office').get('/x', { q: '周晓芳 339901199001010026', limit: 5 })
    const [target, init] = vi.mocked(fetch).mock.calls[0] as [string, RequestInit]
    expect(target).toBe('/api/x?limit=5')
    expect((init.headers as Headers).get('X-Anju-Search')).toBe(encodeURIComponent('周晓芳 339901199001010026'))
  })
  it('turns a refusal into an error with its places', async () => {
    answer(422, {
      code: 'form.invalid',
      message: '有内容需要修改',
      details: { errors: [{ field: 'a', code: 'required', message: '必填' }] },
    })
    const error = (await createClient('office')
      .get('/x')
      .catch((e: unknown) => e)) as ApiError
    expect(error).toBeInstanceOf(ApiError)
    expect(error.problems[0]?.field).toBe('a')
  })
  it('tells who listens that the session ended, but not at the sign-in itself', async () => {
    const client = createClient('office')
    const ended = vi.fn()
    client.onSignedOut(ended)
    answer(401, { code: 'auth.required', message: '请先登录' })
    await client.get('/x').catch(() => null)
    expect(ended).toHaveBeenCalledTimes(1)
    answer(401, { code: 'auth.wrong', message: '账号或密码不对' })
    await client.post('/identity/sign-in').catch(() => null)
    expect(ended).toHaveBeenCalledTimes(1)
  })
  it('says so when the server cannot be reached', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('x')))
    await expect(createClient('office').get('/x')).rejects.toMatchObject({ code: 'network.unreachable' })
  })
})
