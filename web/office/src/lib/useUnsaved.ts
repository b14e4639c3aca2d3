/** A page with words that the server has not got: its tab carries a dot, and leaving asks first. */
import { ElMessageBox } from 'element-plus'
import { onBeforeUnmount, onMounted, watch, type WatchSource } from 'vue'
import { onBeforeRouteLeave, useRoute } from 'vue-router'
import { useTabs } from './useTabs'

/** The dot on the tab, and the question whether one really leaves. */
function useMark(): (now: boolean) => void {
  const tabs = useTabs()
  const here = useRoute().path
  let dirty = false

  function mark(now: boolean): void {
    dirty = now
    tabs.mark(here, now)
  }

  function warn(event: BeforeUnloadEvent): void {
    if (dirty) event.preventDefault()
  }

  onMounted(() => window.addEventListener('beforeunload', warn))
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', warn)
    mark(false)
  })
  onBeforeRouteLeave(async () => {
    // a tab that was closed has asked already
    if (!dirty || !tabs.unsaved.has(here)) return true
    const sure = await ElMessageBox.confirm('这一页有未保存的内容，离开后不会保留。', '离开页面', {
      confirmButtonText: '离开',
      cancelButtonText: '继续填写',
    }).catch(() => null)
    return sure !== null
  })
  return mark
}

/** For a page that is left once it is saved: every change counts until then. */
export function useUnsaved(source: WatchSource<unknown>): { settled: () => void } {
  const mark = useMark()
  const stop = watch(source, () => mark(true), { deep: true })

  /** Everything is saved; what changes from now on is not looked at any more. */
  function settled(): void {
    stop()
    mark(false)
  }
  return { settled }
}

/** For a page that one stays on and saves again and again: it tells itself whether something is unsaved. */
export function useUnsavedWhile(unsaved: () => boolean): void {
  watch(unsaved, useMark())
}
