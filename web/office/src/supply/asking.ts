/** Asks before an act on many units, and for its reason where one may be given. */
import { ElMessageBox } from 'element-plus'
import type { ListAct } from './acts'

const REASON = 200

/** The reason that was given, empty for none; null where the person thinks again. */
export async function asked(one: ListAct, question: string): Promise<string | null> {
  const buttons = { confirmButtonText: one.title, cancelButtonText: '再看看' }
  if (!one.reason) {
    return ElMessageBox.confirm(question, one.title, buttons).then(
      () => '',
      () => null,
    )
  }
  const given = await ElMessageBox.prompt(`${question}原因记入发布记录和房源履历。`, one.title, {
    ...buttons,
    inputPlaceholder: '原因（可不填）',
    inputValidator: (value) => (value ?? '').length <= REASON || `最多 ${REASON} 字`,
  }).catch(() => null)
  return given ? (given.value ?? '').trim() : null
}
