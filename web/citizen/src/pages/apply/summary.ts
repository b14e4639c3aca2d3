/** What a step's line says beneath its name. */
import type { Progress } from '../../apply/steps'
import { answers, materials } from '../../apply/wizard'
import { rowsOf } from '../../forms/logic'
import { divisionsOf } from '../../forms/options'
import { session } from '../../session'

/** Short facts where the answers are few, else how far it is. */
export function summaryOf(key: string, progress: Progress): string {
  if (key === 'check') return progress === 'locked' ? '前面填完才能提交' : '看一遍就能提交'
  if (key === 'materials') {
    const { classes, items } = materials()
    const lacking = classes.filter((one) => one.required && !items.some((item) => item.klass === one.key)).length
    if (!items.length) return '还没传'
    return lacking ? `传了 ${items.length} 份，还差 ${lacking} 类` : `传了 ${items.length} 份，都齐了`
  }
  const page = answers()[key] ?? {}
  if (key === 'place') {
    const place = divisionsOf(session.cityCode.value).find((one) => one.code === page.division)
    if (place) return [place.title, page.street, page.committee].filter(Boolean).join(' · ')
  }
  if (key === 'members') {
    const count = rowsOf(page.members).length
    if (count && progress !== 'todo') return `${count} 人`
  }
  if (progress === 'done') return key === 'notice' ? '已读' : key === 'commitment' ? '已同意' : '已填好'
  if (key === 'property') return '没有可以跳过'
  return progress === 'now' ? '从这一步接着来' : '还没填'
}
