/** Long lists a page at a time, and what is added up over all of them. */
import { area, money, number } from '@anju/shared/format'
import type { FormField, FormValues } from '@anju/shared/forms/schema'
import { computed, ref, type Ref } from 'vue'

export const PAGE = 50

export function usePaged<T>(all: Ref<T[]>, size = PAGE) {
  const asked = ref(1)
  const pages = computed(() => Math.max(1, Math.ceil(all.value.length / size)))
  /** Where a list became shorter, its last page. */
  const page = computed({ get: () => Math.min(asked.value, pages.value), set: (now: number) => (asked.value = now) })
  const shown = computed(() => all.value.slice((page.value - 1) * size, page.value * size))
  return { page, pages, shown, size }
}

const WRITTEN: Partial<Record<FormField['type'], (value: string) => string>> = {
  area: (value) => `${area(value)} ㎡`,
  money: (value) => `${money(value)} 元`,
}

/** The sums of a table in words: 建筑面积合计 1,234.56 ㎡. */
export function sumsOf(table: FormField, rows: FormValues[]): string[] {
  return (table.fields ?? [])
    .filter((column) => table.sums?.includes(column.key))
    .map((column) => {
      // hundredths are whole numbers; a cell that is no number yet counts for nothing
      const hundredths = rows.reduce((sum, row) => sum + (Math.round(Number(row[column.key]) * 100) || 0), 0)
      const total = String(hundredths / 100)
      return `${column.title}合计 ${(WRITTEN[column.type] ?? number)(total)}`
    })
}
