/** Short words after an act; a refusal that needs an act stays until it is read. */
import { sentenceOf } from '@anju/shared/api/errors'
import { ElMessage, ElNotification } from 'element-plus'

export function saved(text: string): void {
  ElMessage({ type: 'success', message: text, duration: 2500, showClose: true })
}

export function failed(error: unknown): void {
  ElMessage({ type: 'error', message: sentenceOf(error), duration: 6000, showClose: true })
}

export function background(title: string, text: string, onClick?: () => void): void {
  // Below the top bar, whose button of background jobs it speaks of.
  ElNotification({ type: 'info', title, message: text, duration: 6000, offset: 60, onClick })
}
