/** Which columns a person sees and how tall the rows are; kept in this browser, one setting a register. */
import type { RegisterColumn, RegisterDeclaration } from '@anju/shared/api/registers'
import { computed, ref, watch, type Ref } from 'vue'

export type Density = 'compact' | 'standard' | 'roomy'

interface Kept {
  hidden: string[]
  shown: string[]
}

const DENSITY_KEY = 'aj-density'

export function useColumns(declaration: Ref<RegisterDeclaration | undefined>) {
  const chosen = ref<Kept>({ hidden: [], shown: [] })
  const density = ref<Density>((localStorage.getItem(DENSITY_KEY) as Density | null) ?? 'standard')
  const storage = computed(() => (declaration.value ? `aj-columns-${declaration.value.key}` : ''))

  watch(
    storage,
    (name) => {
      if (!name) return
      try {
        chosen.value = JSON.parse(localStorage.getItem(name) ?? '{"hidden":[],"shown":[]}') as Kept
      } catch {
        chosen.value = { hidden: [], shown: [] }
      }
    },
    { immediate: true },
  )
  watch(density, (now) => localStorage.setItem(DENSITY_KEY, now))

  const isShown = (column: RegisterColumn) =>
    column.hidden ? chosen.value.shown.includes(column.key) : !chosen.value.hidden.includes(column.key)
  const columns = computed(() =>
    (declaration.value?.columns ?? []).filter((column) => column.frozen || isShown(column)),
  )

  function toggle(column: RegisterColumn): void {
    const list = column.hidden ? 'shown' : 'hidden'
    const now = chosen.value[list]
    const next = now.includes(column.key) ? now.filter((key) => key !== column.key) : [...now, column.key]
    chosen.value = { ...chosen.value, [list]: next }
    localStorage.setItem(storage.value, JSON.stringify(chosen.value))
  }

  function reset(): void {
    chosen.value = { hidden: [], shown: [] }
    localStorage.removeItem(storage.value)
  }

  return { columns, density, isShown, toggle, reset }
}
