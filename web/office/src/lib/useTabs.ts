/** The open pages of a person: they survive a reload and are his own. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export interface Tab {
  path: string
  title: string
}

const HOME: Tab = { path: '/', title: '工作台' }

export const useTabs = defineStore('tabs', () => {
  const tabs = ref<Tab[]>([HOME])
  const unsaved = ref<Set<string>>(new Set())
  let owner = ''

  function load(person: string): void {
    owner = `aj-tabs-${person}`
    try {
      const kept = JSON.parse(localStorage.getItem(owner) ?? '[]') as Tab[]
      tabs.value = [HOME, ...kept.filter((tab) => tab.path !== '/' && tab.title)]
    } catch {
      tabs.value = [HOME]
    }
  }

  watch(tabs, (now) => owner && localStorage.setItem(owner, JSON.stringify(now.slice(1))), { deep: true })

  /** One tab a page: the query (filters) belongs to the tab and does not open another. */
  const pageOf = (path: string) => path.split('?')[0] ?? path

  function open(path: string, title: string): void {
    const known = tabs.value.find((tab) => pageOf(tab.path) === pageOf(path))
    if (known) {
      known.path = pageOf(path) === '/' ? '/' : path
      if (title) known.title = title
    } else tabs.value.push({ path, title: title || '新页面' })
  }

  function rename(path: string, title: string): void {
    const known = tabs.value.find((tab) => pageOf(tab.path) === pageOf(path))
    if (known) known.title = title
  }

  /** Closes and gives the page to go to when the closed one was shown. */
  function close(path: string): string {
    const at = tabs.value.findIndex((tab) => pageOf(tab.path) === pageOf(path))
    if (at < 1) return '/'
    tabs.value.splice(at, 1)
    unsaved.value.delete(pageOf(path))
    return (tabs.value[at] ?? tabs.value[at - 1] ?? HOME).path
  }

  /** Closes several at once; what was unsaved in them has been given up. */
  function closeAll(closing: Tab[]): void {
    const paths = new Set(closing.map((tab) => pageOf(tab.path)))
    tabs.value = tabs.value.filter((tab, at) => at === 0 || !paths.has(pageOf(tab.path)))
    unsaved.value = new Set([...unsaved.value].filter((path) => !paths.has(path)))
  }

  function move(from: number, to: number): void {
    if (from < 1 || to < 1 || from === to) return
    const [tab] = tabs.value.splice(from, 1)
    if (tab) tabs.value.splice(to, 0, tab)
  }

  function mark(path: string, dirty: boolean): void {
    const next = new Set(unsaved.value)
    if (dirty) next.add(pageOf(path))
    else next.delete(pageOf(path))
    unsaved.value = next
  }

  return { tabs, unsaved, load, open, rename, close, closeAll, move, mark, pageOf }
})
