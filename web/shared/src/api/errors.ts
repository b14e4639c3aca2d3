/** What the API answers when it refuses: a stable code, a Chinese sentence, the field, and what to do. */
export interface FieldProblem {
  field: string
  code: string
  message: string
}

export interface ErrorBody {
  code: string
  message: string
  advice?: string
  field?: string | null
  details?: Record<string, unknown>
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly advice: string
  readonly field: string | null
  readonly details: Record<string, unknown>

  constructor(status: number, body: ErrorBody) {
    super(body.message)
    this.name = 'ApiError'
    this.status = status
    this.code = body.code
    this.advice = body.advice ?? ''
    this.field = body.field ?? null
    this.details = body.details ?? {}
  }

  /** The wrong places of a form, empty when the refusal concerns no single field. */
  get problems(): FieldProblem[] {
    const listed = this.details.errors
    if (Array.isArray(listed)) return listed as FieldProblem[]
    return this.field ? [{ field: this.field, code: this.code, message: this.sentence }] : []
  }

  /** The sentence with its advice, for a message of one line. */
  get sentence(): string {
    return this.advice && this.advice !== this.message ? `${this.message}，${this.advice}` : this.message
  }
}

export const OFFLINE: ErrorBody = {
  code: 'network.unreachable',
  message: '连不上服务器',
  advice: '请检查网络后重试，已填写的内容没有丢失',
}

/** A readable sentence for anything thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) return error.sentence
  return error instanceof Error ? error.message : '操作没有成功，请重试'
}
