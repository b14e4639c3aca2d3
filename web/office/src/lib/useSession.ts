/** Who is signed in: his menu, his rights, and what waits behind each page. */
import type { MenuCounts, MenuItem, Me } from '@anju/shared/api/identity'
import { ApiError } from '@anju/shared/api/errors'
import { loadDictionaries } from '@anju/shared/dictionaries'
import { today as browserToday } from '@anju/shared/format'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, queryClient } from './api'

/** Pages at any depth of the menu. */
function flat(items: MenuItem[]): MenuItem[] {
  return items.flatMap((item) => [...(item.path ? [item] : []), ...flat(item.items ?? [])])
}

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const counts = ref<MenuCounts>({})
  const expired = ref(false)
  const asked = ref(false)
  /** What the person must do before all work (its code), such as changing his password. */
  const demand = ref('')
  /** The server's day: in a demonstration its clock may run ahead of the browser's. */
  const today = computed(() => me.value?.today ?? browserToday())
  const items = computed<MenuItem[]>(() => me.value?.menu.flatMap((group) => flat(group.items)) ?? [])

  api.onSignedOut(() => {
    if (me.value) expired.value = true
  })

  /** Reads who is signed in, once; null when nobody is. */
  async function restore(): Promise<Me | null> {
    if (asked.value) return me.value
    try {
      await enter(await api.get<Me>('/identity/me'))
    } catch (error) {
      const held = error instanceof ApiError && error.status === 403 ? error.code : ''
      if (held !== 'password.must_change' && held !== 'second_factor.must_add') {
        if (!(error instanceof ApiError && error.status === 401)) throw error
      } else demand.value = held
    }
    asked.value = true
    return me.value
  }

  /** The next question asks the server anew. */
  function forget(): void {
    asked.value = false
    demand.value = ''
    me.value = null
  }

  async function enter(found: Me): Promise<void> {
    if (me.value && me.value.id !== found.id) queryClient.clear()
    me.value = found
    asked.value = true
    demand.value = ''
    expired.value = false
    await loadDictionaries(api)
    void refreshCounts()
  }

  async function refreshCounts(): Promise<void> {
    if (!me.value || expired.value) return
    try {
      counts.value = await api.get<MenuCounts>('/identity/menu-counts')
    } catch {
      // The badges are a convenience: the next round shows them again.
    }
  }

  async function leave(): Promise<void> {
    await api.post('/identity/sign-out')
    me.value = null
    queryClient.clear()
  }

  const may = (right: string) => Boolean(me.value && right in me.value.rights)

  return { me, today, counts, expired, demand, items, restore, forget, enter, leave, refreshCounts, may }
})
