/** Every page says its title (tab, browser) and its crumbs here. */
import { onActivated, onMounted, watch, type WatchSource } from 'vue'
import { useRoute } from 'vue-router'
import { useFrame, type Crumb } from './useFrame'
import { useSession } from './useSession'
import { useTabs } from './useTabs'

/** The menu group and item that hold this path, as crumbs. */
export function menuCrumbs(path: string): Crumb[] {
  for (const group of useSession().me?.menu ?? []) {
    const item = group.items.find((one) => one.path === path || one.path.split('?')[0] === path)
    if (item) return [...(group.title ? [{ title: group.title }] : []), { title: item.title, path: item.path }]
  }
  return []
}

export function usePage(title: WatchSource<string>, crumbs?: WatchSource<Crumb[]>): void {
  const route = useRoute()
  const frame = useFrame()
  const tabs = useTabs()
  const here = route.path
  let words = ''
  let trail: Crumb[] | null = null

  function show(): void {
    if (words) {
      tabs.rename(here, words)
      document.title = `${words} · 安居`
    }
    frame.crumbs = trail ?? [...menuCrumbs(here)]
    if (!frame.crumbs.length && words) frame.crumbs = [{ title: words }]
  }

  watch(title, (now) => ((words = now), show()), { immediate: true })
  if (crumbs) watch(crumbs, (now) => ((trail = now), show()), { immediate: true })
  onMounted(show)
  onActivated(show)
}
