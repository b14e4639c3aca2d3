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

const PATIENCE = 4000
let watching: MutationObserver | null = null

function take(heading: HTMLElement): void {
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

/**
 * Moves the reader to the page's first heading, as a new page would. Where the page still loads, the heading is waited
 * for, unless the person has meanwhile gone into the page himself.
 */
export function focusHeading(): void {
  watching?.disconnect()
  const main = document.querySelector('main')
  const heading = main?.querySelector<HTMLElement>('h1')
  if (heading) return take(heading)
  if (!main) return
  const observer = new MutationObserver(() => {
    const found = main.querySelector<HTMLElement>('h1')
    if (!found) return
    observer.disconnect()
    if (!main.contains(document.activeElement) || document.activeElement === main) take(found)
  })
  observer.observe(main, { childList: true, subtree: true })
  setTimeout(() => observer.disconnect(), PATIENCE)
  watching = observer
}
