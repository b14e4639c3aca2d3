/** Which section is in sight, and going to another. */
import { nextTick, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { PageSection } from './sections'

const EDGE = 80

export function useAnchors(scroller: Readonly<Ref<HTMLElement | null>>, sections: Ref<PageSection[]>) {
  const active = ref('')
  const element = (key: string) => document.getElementById(`section-${key}`)

  function look(): void {
    const box = scroller.value?.getBoundingClientRect()
    if (!box) return
    const past = sections.value.filter(
      (one) => (element(one.key)?.getBoundingClientRect().top ?? Infinity) - box.top < EDGE,
    )
    active.value = (past.at(-1) ?? sections.value[0])?.key ?? ''
  }

  function go(key: string): void {
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    element(key)?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' })
    element(key)?.focus({ preventScroll: true })
    active.value = key
  }

  function step(by: number): void {
    const at = sections.value.findIndex((one) => one.key === active.value)
    const next = sections.value[Math.max(0, Math.min(sections.value.length - 1, at + by))]
    if (next) go(next.key)
  }

  watch(
    [scroller, sections],
    async ([box], [before]) => {
      await nextTick()
      look()
      if (box !== before) {
        before?.removeEventListener('scroll', look)
        box?.addEventListener('scroll', look, { passive: true })
      }
    },
    { immediate: true },
  )
  onBeforeUnmount(() => scroller.value?.removeEventListener('scroll', look))
  return { active, go, step }
}
