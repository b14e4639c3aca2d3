/** The request for papers that waits for an answer, and what the clerk at the counter still has to do for it. */
import type { CaseView, Supplement } from '@anju/shared/api/cases'

export const REASON_MIN = 5

/** The open request, when the person has the case in hand and can take in papers for the resident. */
export function atTheDesk(view: CaseView): Supplement | undefined {
  if (view.state !== 'supplement' || !view.task?.mine) return undefined
  return view.supplements.find((one) => one.state === 'asked')
}

/** The titles of the papers that have not come. */
export function missingOf(request: Supplement): string[] {
  return request.items.filter((item) => !item.uploaded).map((item) => item.title)
}

/** What keeps the request from being ended, in words; empty when nothing does. */
export function unready(request: Supplement, reason: string): string {
  if (!missingOf(request).length || reason.trim().length >= REASON_MIN) return ''
  return `${missingOf(request).join('、')}还没有补到，结束补件要写明原因，至少 ${REASON_MIN} 个字`
}
