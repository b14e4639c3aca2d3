/** A register's list: declaration, filters in the address, sorting and keyset paging. */
import type { Page, RegisterDeclaration, RegisterRow, ViewFilters } from '@anju/shared/api/registers'
import type { Query } from '@anju/shared/api/client'
import { loadUnknown } from '@anju/shared/dictionaries'
import { namesPerson } from '@anju/shared/personal'
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import { api } from '@/lib/api'

export const PAGE_SIZES = [20, 50, 100, 200]
const LIMIT_KEY = 'aj-register-limit'

export function useDeclaration(key: Ref<string>) {
  return useQuery({
    queryKey: ['register', key],
    queryFn: async () => {
      const found = await api.get<RegisterDeclaration>(`/registers/${key.value}`)
      await loadUnknown(api, dictionariesOf(found))
      return found
    },
    staleTime: 300_000,
  })
}

/** The dictionaries that a page of this register asks for; a city may have added some since the page was opened. */
function dictionariesOf(declaration: RegisterDeclaration): string[] {
  const fields = declaration.form?.sections.flatMap((section) => section.fields) ?? []
  return [...declaration.columns, ...fields].flatMap((each) => (each.dictionary ? [each.dictionary] : []))
}

/** The filters of an address: every `f.<key>`. */
function filtersOf(query: Record<string, unknown>): ViewFilters {
  const found: ViewFilters = {}
  for (const [key, value] of Object.entries(query)) {
    if (!key.startsWith('f.')) continue
    const values = (Array.isArray(value) ? value : [value]).filter((one): one is string => Boolean(one))
    if (values.length) found[key.slice(2)] = values
  }
  return found
}

export function asParameters(filters: ViewFilters): Record<string, string[]> {
  return Object.fromEntries(Object.entries(filters).map(([key, values]) => [`f.${key}`, values]))
}

export function useRegister(key: Ref<string>) {
  const route = useRoute()
  const router = useRouter()
  const declaration = useDeclaration(key)

  const filters = ref<ViewFilters>(filtersOf(route.query))
  const q = ref(typeof route.query.q === 'string' ? route.query.q : '')
  const sort = ref(typeof route.query.sort === 'string' ? route.query.sort : '')
  const cursor = ref('')
  const limit = ref(Number(localStorage.getItem(LIMIT_KEY)) || 50)

  const parameters = computed<Query>(() => ({
    ...asParameters(filters.value),
    q: q.value,
    sort: sort.value,
    limit: limit.value,
    cursor: cursor.value,
  }))
  const rows = useQuery({
    queryKey: ['register-rows', key, parameters],
    queryFn: ({ signal }) => api.get<Page<RegisterRow>>(`/registers/${key.value}/rows`, parameters.value, signal),
    placeholderData: keepPreviousData,
  })

  watch(limit, (now) => {
    localStorage.setItem(LIMIT_KEY, String(now))
    cursor.value = ''
  })
  /** Filters, sorting and words of a search stand in the address; a person's number stays in the page. */
  function writeAddress(): void {
    const query: LocationQueryRaw = { ...asParameters(filters.value) }
    if (q.value && !namesPerson(q.value)) query.q = q.value
    if (sort.value) query.sort = sort.value
    if (route.query.row) query.row = route.query.row
    void router.replace({ query })
  }
  watch([filters, q, sort], () => {
    cursor.value = ''
    writeAddress()
  })
  if (namesPerson(q.value)) writeAddress()

  /** A link to the same register with other filters, such as from the menu or a related row. */
  watch(
    () => route.query,
    (now) => {
      if (String(route.params.key) !== key.value) return
      const asked = filtersOf(now)
      if (JSON.stringify(asked) !== JSON.stringify(filters.value)) filters.value = asked
    },
  )

  const sorted = computed(() => {
    const order = declaration.data.value?.order
    const text = sort.value || (order ? `${order.desc ? '-' : ''}${order.key}` : '')
    return { key: text.replace(/^-/, ''), desc: text.startsWith('-') }
  })

  function sortBy(column: string): void {
    const { key: now, desc } = sorted.value
    sort.value = now === column && !desc ? `-${column}` : column
  }

  function setFilter(name: string, values: string[]): void {
    const next = { ...filters.value }
    if (values.length) next[name] = values
    else delete next[name]
    filters.value = next
  }

  function apply(next: ViewFilters, nextSort = '', nextQ = ''): void {
    filters.value = { ...next }
    q.value = nextQ
    sort.value = nextSort
  }

  const clear = () => apply({})
  const filtered = computed(() => Boolean(q.value) || Object.keys(filters.value).length > 0)

  return { declaration, rows, filters, q, sort, sorted, cursor, limit, filtered, sortBy, setFilter, apply, clear }
}
