/** How pages speak with the server: the shared client, uploads that tell their progress, and failures in a resident's words. */
import { createClient } from '@anju/shared/api/client'
import { ApiError, type ErrorBody, type FieldProblem } from '@anju/shared/api/errors'

export { ApiError }

export const http = createClient('citizen')

const LOST: ErrorBody = {
  code: 'network',
  message: '网络断了，没有连上',
  advice: '你填的内容还在这台设备上。连上网再试一次。',
}
const FAILED = { message: '这次没有办成', advice: '你填的内容没有丢。过几分钟再试，还不行就拨 12345 转 3。' }
const PAGE: ErrorBody = { code: 'page', message: '这一页出了问题', advice: '刷新后再试。还不行就拨 12345 转 3。' }

/** Anything thrown, as an ApiError in words for a resident. */
export function asApiError(thrown: unknown): ApiError {
  if (!(thrown instanceof ApiError)) return new ApiError(-1, PAGE)
  if (thrown.status === 0) return new ApiError(0, LOST)
  if (thrown.code.startsWith('http.')) return new ApiError(thrown.status, { ...FAILED, code: thrown.code })
  return thrown
}

/** The wrong fields of a refusal; one that names a single field brings its advice along. */
export function problemsOf(error: ApiError | null | undefined): FieldProblem[] {
  if (!error) return []
  const single = !Array.isArray(error.details.errors) && error.advice
  return single
    ? error.problems.map((problem) => ({ ...problem, message: `${problem.message}。${error.advice}` }))
    : error.problems
}

/** Whether the answer was lost, so that nobody knows yet whether the act was done. */
export const unanswered = (error: ApiError) => error.status === 0 || error.status >= 502

function body(text: string, status: number): ErrorBody {
  try {
    return JSON.parse(text) as ErrorBody
  } catch {
    return { code: `http.${status}`, ...FAILED }
  }
}

/** One upload: a form with a file, its progress told in per cent. */
export function upload<T>(
  path: string,
  form: FormData,
  onProgress: (percent: number) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', http.url(path))
    request.setRequestHeader('X-Anju-Client', 'citizen')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100))
    }
    request.onerror = request.ontimeout = () => reject(new ApiError(0, LOST))
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText || 'null') as T)
      else reject(new ApiError(request.status, body(request.responseText, request.status)))
    }
    request.send(form)
  })
}
