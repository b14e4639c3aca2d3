/** Which floors of a board are drawn: those in sight and a few beyond, so that 10,000 units scroll as 100 do. */
import { computed, onBeforeUnmount, ref, watch, type ShallowRef } from 'vue'

export const ROW = 53
const SPARE = 6

/** First and last row to draw, and the room that the others take, for a scroller of a height. */
export function spanOf(top: number, height: number, rows: number): [number, number] {
  const first = Math.max(0, Math.floor(top / ROW) - SPARE)
  return [Math.min(first, rows), Math.min(rows, Math.ceil((top + height) / ROW) + SPARE)]
}

export function useRows(scroller: Readonly<ShallowRef<HTMLElement | null>>, rows: () => number) {
  const top = ref(0)
  const height = ref(typeof window === 'undefined' ? 900 : window.innerHeight)
  const span = computed(() => spanOf(top.value, height.value, rows()))
  const first = computed(() => span.value[0])
  const last = computed(() => span.value[1])
  const before = computed(() => first.value * ROW)
  const after = computed(() => (rows() - last.value) * ROW)
  let asked = 0
  let watcher: ResizeObserver | null = null

  const look = () => {
    if (asked) return
    asked = requestAnimationFrame(() => {
      asked = 0
      top.value = scroller.value?.scrollTop ?? 0
    })
  }
  watch(scroller, (now, old) => {
    old?.removeEventListener('scroll', look)
    watcher?.disconnect()
    if (!now) return
    now.addEventListener('scroll', look, { passive: true })
    watcher = new ResizeObserver(() => (height.value = now.clientHeight))
    watcher.observe(now)
  })
  onBeforeUnmount(() => {
    watcher?.disconnect()
    cancelAnimationFrame(asked)
  })

  /** Scrolls a row into sight, so that it is drawn. */
  function bring(row: number): void {
    const box = scroller.value
    if (!box || row < 0 || row >= rows()) return
    if (row * ROW < box.scrollTop) box.scrollTop = row * ROW
    else if ((row + 2) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (row + 2) * ROW - box.clientHeight + 60
    top.value = box.scrollTop
  }
  return { first, last, before, after, bring }
}
