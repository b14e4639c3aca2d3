/** The list a case was opened from, so that the case page can step to the one before and after. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

const KEY = 'aj-queue'

export const useQueue = defineStore('queue', () => {
  const ids = ref<number[]>(read())

  function read(): number[] {
    try {
      return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as number[]
    } catch {
      return []
    }
  }

  function set(next: number[]): void {
    ids.value = [...new Set(next)]
    sessionStorage.setItem(KEY, JSON.stringify(ids.value))
  }

  function around(id: number): { prev: number | null; next: number | null; index: number; total: number } | null {
    const at = ids.value.indexOf(id)
    if (at < 0 || ids.value.length < 2) return null
    return { prev: ids.value[at - 1] ?? null, next: ids.value[at + 1] ?? null, index: at + 1, total: ids.value.length }
  }

  return { set, around }
})
