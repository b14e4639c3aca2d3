/** What the frame remembers for this browser: the folded menu, and the breadcrumb a page wants. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

export interface Crumb {
  title: string
  path?: string
}

const KEY = 'aj-menu-folded'

export const useFrame = defineStore('frame', () => {
  const choice = ref<boolean | null>(localStorage.getItem(KEY) === null ? null : localStorage.getItem(KEY) === '1')
  const narrow = ref(window.innerWidth < 1280)
  const wantsRoom = ref(false)
  const drawer = ref(false)
  const crumbs = ref<Crumb[]>([])
  window.addEventListener('resize', () => (narrow.value = window.innerWidth < 1280))

  const folded = computed(() => narrow.value || (choice.value ?? wantsRoom.value))

  function toggle(): void {
    if (narrow.value) {
      drawer.value = !drawer.value
      return
    }
    choice.value = !folded.value
    localStorage.setItem(KEY, choice.value ? '1' : '0')
  }

  return { folded, narrow, drawer, wantsRoom, crumbs, toggle }
})
