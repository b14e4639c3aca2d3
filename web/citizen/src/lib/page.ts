/** The title of the tab: what the page is, and "错误：" before it while something has to be mended. */
import { ref, watchEffect } from 'vue'

const title = ref('安居')
const failing = ref(false)

watchEffect(() => {
  document.title = `${failing.value ? '错误：' : ''}${title.value}`
})

export function setTitle(text: string): void {
  title.value = text ? `${text} - 安居` : '安居'
  failing.value = false
}

export function setFailing(value: boolean): void {
  failing.value = value
}

/** Moves the reader to the page's first heading, as a new page would. */
export function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('main h1')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
