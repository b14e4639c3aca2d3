/** What the gateway's operations answer. */

export interface Point {
  at: string
  calls: number
  failed: number
  refused: number
  p95_ms: number
}

export interface Busy {
  id: number
  title: string
  calls: number
  failed: number
  refused: number
  p95_ms: number
}

export interface Slow {
  id: number
  method: string
  path: string
  title: string
  calls: number
  p95_ms: number
  longest_ms: number
}

export interface Watch {
  since: string
  until: string
  step_seconds: number
  totals: { calls: number; failed: number; refused: number; p95_ms: number; bytes_out: number; parties: number }
  points: Point[]
  parties: Busy[]
  services: Busy[]
  results: { result: string; calls: number }[]
  slow: Slow[]
  alarms: { id: number; title: string; text: string; raised_at: string }[]
  choices: { parties: { id: number; title: string }[]; services: { id: number; title: string }[] }
}

export interface Vector {
  scheme: string
  method: string
  path: string
  query: string
  body: string
  timestamp: number
  nonce: string
  canonical_query: string
  body_digest: string
  key_id: string
  key: string
  signature: string
}

export interface Operation {
  method: string
  path: string
  title: string
  level: number
}

export interface Offered {
  key: string
  title: string
  note: string
  class: string
  rate: [number, number]
  operations: Operation[]
}

export interface Guide {
  version: number
  versions: { number: number; product: string; published_at: string; digest: string }[]
  vectors: Vector[]
  services: Offered[]
}

/** Every stretch of time between two moments, those without calls as well, so that a gap is seen as one. */
export function filled(points: Point[], since: string, until: string, step: number): Point[] {
  const known = new Map(points.map((point) => [Date.parse(point.at), point]))
  const width = step * 1000
  const origin = Date.UTC(2000, 0, 1)
  const first = origin + Math.floor((Date.parse(since) - origin) / width) * width
  const found: Point[] = []
  for (let at = first; at <= Date.parse(until); at += width) {
    found.push(known.get(at) ?? { at: new Date(at).toISOString(), calls: 0, failed: 0, refused: 0, p95_ms: 0 })
  }
  return found
}

/** The seven lines that are signed. */
export function lines(vector: Vector): string {
  return [
    vector.scheme,
    vector.method,
    vector.path,
    vector.canonical_query,
    vector.body_digest,
    vector.timestamp,
    vector.nonce,
  ].join('\n')
}

/** The names in braces of an operation's address. */
export function places(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')
}

/** An address with its places filled in. */
export function addressed(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
