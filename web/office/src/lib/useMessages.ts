/** A person's own messages and how many are unread. */
import type { StaffMessage } from '@anju/shared/api/identity'
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { api } from './api'

export const useMessages = defineStore('messages', () => {
  const router = useRouter()
  const rows = ref<StaffMessage[]>([])
  const unread = ref(0)
  const next = ref<number | null>(null)
  const drawer = ref(false)
  const failure = ref<unknown>(null)

  async function refresh(more = false): Promise<void> {
    try {
      const page = await api.get<{ rows: StaffMessage[]; next: number | null; unread: number }>('/workspace/messages', {
        cursor: more ? next.value : null,
      })
      rows.value = more ? [...rows.value, ...page.rows] : page.rows
      next.value = page.next
      unread.value = page.unread
      failure.value = null
    } catch (error) {
      failure.value = error
    }
  }

  function show(): void {
    drawer.value = true
    void refresh()
  }

  async function open(message: StaffMessage): Promise<void> {
    if (!message.read) {
      unread.value = (await api.post<{ unread: number }>(`/workspace/messages/${message.id}/read`)).unread
      rows.value = rows.value.map((one) => (one.id === message.id ? { ...one, read: true } : one))
    }
    if (!message.link) return show()
    drawer.value = false
    if (message.link.startsWith('https://')) {
      window.open(message.link, '_blank', 'noopener,noreferrer')
      return
    }
    await router.push(message.link.replace(/^\/office/, ''))
  }

  async function readAll(): Promise<void> {
    await api.post('/workspace/messages/read-all')
    rows.value = rows.value.map((one) => ({ ...one, read: true }))
    unread.value = 0
  }

  return { rows, unread, next, drawer, failure, refresh, show, open, readAll }
})
