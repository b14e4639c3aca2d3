import { defineAsyncComponent, type Component } from 'vue'

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

/** What stands above the rows of a register, written by hand. */
export const ABOVE: Record<string, Component> = {
  'identity.roles': defineAsyncComponent(() => import('@/identity/NewRights.vue')),
}

export interface Together {
  key: string
  title: string
  right: string
  /** Opened with the ids of the chosen rows as `ids`; tells `close` and `done`. */
  dialog: Component
}

/** What is done with several rows of a register as one, in a dialog written by hand; two at least. */
export const TOGETHER: Record<string, Together[]> = {
  'supply.units': [
    {
      key: 'merge',
      title: '合并',
      right: 'supply.unit.reshape',
      dialog: defineAsyncComponent(() => import('@/supply/MergeDialog.vue')),
    },
  ],
}
