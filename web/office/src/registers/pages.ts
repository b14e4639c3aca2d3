/** Registers whose rows have a page of their own, written by hand. */
const PAGES: Record<string, (id: number) => string> = {
  'cases.cases': (id) => `/cases/${id}`,
  'supply.projects': (id) => `/supply/projects/${id}`,
  'supply.units': (id) => `/supply/units/${id}`,
  'tenancy.contracts': (id) => `/tenancy/contracts/${id}`,
  'tenancy.templates': (id) => `/tenancy/templates/${id}`,
  'identity.accounts': (id) => `/identity/accounts/${id}/sessions`,
  'identity.applications': (id) => `/identity/applications/${id}`,
  'identity.roles': (id) => `/identity/roles/${id}`,
  'identity.posts': (id) => `/identity/posts/${id}`,
  'identity.grants': (id) => `/identity/grants/${id}`,
  'identity.apps': (id) => `/identity/apps/${id}`,
  'citizen.verifications': (id) => `/citizen/verifications/${id}`,
}

export function pageOf(register: string, id: number): string | null {
  return PAGES[register]?.(id) ?? null
}

/** Registers whose new rows are written on a page of their own, with the right it takes. */
export const WRITTEN: Record<string, { path: string; title: string; right: string }> = {
  'identity.grants': { path: '/identity/grants/new', title: '新的授权', right: 'identity.grant.create' },
  'tenancy.contracts': { path: '/tenancy/contracts/new', title: '登记合同', right: 'tenancy.contract.manage' },
}
