/** Which cells of a board are drawn: those in sight and a few beyond, both ways, so that 10,000 units scroll as 100 do. */
import { computed, onBeforeUnmount, onMounted, ref, watch, type ShallowRef } from 'vue'

export const ROW = 53
/** The room that the floor's name takes in front of the cells. */
export const LABEL = 44
/** A cell is never narrower, the gap after it included; a wider board shares its width out. */
const NARROW = 60
const SPARE = 6

/** First and last of so many things of a size to draw, where `length` is in sight from `start`. */
export function spanOf(start: number, length: number, size: number, count: number): [number, number] {
  const first = Math.max(0, Math.floor(start / size) - SPARE)
  return [Math.min(first, count), Math.min(count, Math.ceil((start + length) / size) + SPARE)]
}

/**
 * What of a grid within its scroller is in sight. All of it is drawn while it is printed, for paper does not scroll.
 */
export function useSight(
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  grid: Readonly<ShallowRef<HTMLElement | null>>,
  rows: () => number,
  columns: () => number,
) {
  const here = ref({ top: 0, left: 0 })
  const size = ref({ height: window.innerHeight, width: window.innerWidth, column: NARROW })
  const printing = ref(false)
  const paper = window.matchMedia('print')
  const down = computed<[number, number]>(() =>
    printing.value ? [0, rows()] : spanOf(here.value.top, size.value.height, ROW, rows()),
  )
  const across = computed<[number, number]>(() =>
    printing.value
      ? [0, columns()]
      : spanOf(here.value.left - LABEL, size.value.width, Math.max(size.value.column, NARROW), columns()),
  )
  const before = computed(() => down.value[0] * ROW)
  const after = computed(() => (rows() - down.value[1]) * ROW)
  let asked = 0
  let watcher: ResizeObserver | null = null

  const read = () => {
    const box = scroller.value
    if (box) here.value = { top: box.scrollTop, left: box.scrollLeft }
  }
  const look = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0
      read()
    })
  }
  const measure = () => {
    const box = scroller.value
    const whole = grid.value
    if (!box || !whole) return
    size.value = {
      height: box.clientHeight,
      width: box.clientWidth,
      column: (whole.offsetWidth - LABEL) / Math.max(1, columns()),
    }
  }
  watch(
    [scroller, grid],
    ([box, whole], [old]) => {
      old?.removeEventListener('scroll', look)
      watcher?.disconnect()
      if (!box || !whole) return
      box.addEventListener('scroll', look, { passive: true })
      watcher = new ResizeObserver(measure)
      watcher.observe(box)
      watcher.observe(whole)
    },
    { flush: 'post' },
  )
  watch(columns, measure, { flush: 'post' })

  const print = () => (printing.value = true)
  const ended = () => (printing.value = false)
  const follow = () => (printing.value = paper.matches)
  onMounted(() => {
    window.addEventListener('beforeprint', print)
    window.addEventListener('afterprint', ended)
    paper.addEventListener('change', follow)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('beforeprint', print)
    window.removeEventListener('afterprint', ended)
    paper.removeEventListener('change', follow)
    watcher?.disconnect()
    cancelAnimationFrame(asked)
  })

  /** Scrolls a cell into sight, so that it is drawn. */
  function bring(row: number, column: number): void {
    const box = scroller.value
    if (!box || row < 0 || row >= rows() || column < 0 || column >= columns()) return
    if (row * ROW < box.scrollTop) box.scrollTop = row * ROW
    else if ((row + 2) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (row + 2) * ROW - box.clientHeight + 60
    const wide = size.value.column
    if (column * wide < box.scrollLeft) box.scrollLeft = column * wide
    else if (LABEL + (column + 1) * wide > box.scrollLeft + box.clientWidth - 24)
      box.scrollLeft = LABEL + (column + 1) * wide - box.clientWidth + 24
    read()
  }
  return { down, across, before, after, bring }
}
