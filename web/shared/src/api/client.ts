/** The one way to the API: JSON in and out, the client header on unsafe requests, refusals as ApiError. */
import { ApiError, OFFLINE, type ErrorBody } from './errors'

export type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>
export type ClientName = 'office' | 'citizen'

export interface Client {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  put<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body?: unknown): Promise<T>
  remove<T>(path: string, query?: Query): Promise<T>
  upload<T>(path: string, form: FormData): Promise<T>
  text(path: string): Promise<string>
  url(path: string, query?: Query): string
  /** Called on every 401 that is not the answer to a sign-in; returns the way to stop listening. */
  onSignedOut(listener: () => void): () => void
}

export function queryString(query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  const text = search.toString()
  return text ? `?${text}` : ''
}

async function refusal(response: Response): Promise<ApiError> {
  let body: ErrorBody
  try {
    body = (await response.json()) as ErrorBody
  } catch {
    body = { code: `http.${response.status}`, message: '服务器没有给出可读的应答', advice: '请稍后重试' }
  }
  if (!body.message) body = { ...body, code: body.code ?? `http.${response.status}`, message: '操作没有成功' }
  return new ApiError(response.status, body)
}

export function createClient(name: ClientName, base = '/api'): Client {
  const listeners = new Set<() => void>()
  const url = (path: string, query?: Query) => `${base}${path}${queryString(query)}`

  async function send(method: string, target: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('Accept', 'application/json')
    if (method !== 'GET') headers.set('X-Anju-Client', name)
    let response: Response
    try {
      response = await fetch(target, { ...init, method, headers, credentials: 'same-origin' })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw new ApiError(0, OFFLINE)
    }
    if (response.ok) return response
    const error = await refusal(response)
    if (response.status === 401 && !target.includes('/sign-in')) listeners.forEach((listener) => listener())
    throw error
  }

  async function json<T>(method: string, target: string, body?: unknown, init: RequestInit = {}): Promise<T> {
    if (body instanceof FormData) init.body = body
    else if (body !== undefined) {
      init.body = JSON.stringify(body)
      init.headers = { 'Content-Type': 'application/json' }
    }
    const response = await send(method, target, init)
    const text = await response.text()
    return (text ? JSON.parse(text) : null) as T
  }

  return {
    get: (path, query, signal) => {
      // what is searched for may name a person: it goes in a header, for addresses are written into logs
      const { q, ...rest } = query ?? {}
      const headers: HeadersInit = q ? { 'X-Anju-Search': encodeURIComponent(String(q)) } : {}
      return json('GET', url(path, rest), undefined, { signal, headers })
    },
    post: (path, body = {}) => json('POST', url(path), body),
    put: (path, body = {}) => json('PUT', url(path), body),
    patch: (path, body = {}) => json('PATCH', url(path), body),
    remove: (path, query) => json('DELETE', url(path, query)),
    upload: (path, form) => json('POST', url(path), form),
    text: async (path) => (await send('GET', url(path))).text(),
    url,
    onSignedOut(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
