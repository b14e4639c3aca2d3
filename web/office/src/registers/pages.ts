/** Registers whose rows have a page of their own, written by hand. */
const PAGES: Record<string, (id: number) => string> = {
  'cases.cases': (id) => `/cases/${id}`,
  'tenancy.contracts': (id) => `/tenancy/contracts/${id}`,
}

export function pageOf(register: string, id: number): string | null {
  return PAGES[register]?.(id) ?? null
}
