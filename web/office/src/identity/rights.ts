/** What the pages of roles, posts and grants share: the shapes of their answers, and function points in groups. */
import type { TreeNodeData } from 'element-plus'

export interface FunctionPoint {
  right: string
  title: string
  group: string
  kind: 'menu' | 'operation' | 'data'
  duty: string
}

export interface LimitedRegister {
  base: string
  title: string
  group: string
  fields: { key: string; title: string; entered: boolean }[]
}

/** A right of the product's role that came with an upgrade and is to be decided. */
export interface NewRight {
  right: string
  title: string
  group: string
  since: string
}

export interface NewRole {
  id: number
  key: string
  title: string
  version: number
  own: boolean
  holders: number
  rights: NewRight[]
}

/** New rights under the names of their packages, in the order in which these come. */
export function byGroup(rights: NewRight[]): { title: string; rights: NewRight[] }[] {
  const groups = new Map<string, NewRight[]>()
  for (const one of rights) groups.set(one.group, [...(groups.get(one.group) ?? []), one])
  return [...groups].map(([title, found]) => ({ title, rights: found }))
}

export type FieldLevel = 'hidden' | 'masked' | 'shown' | 'editable'
export type FieldRights = Record<string, Record<string, FieldLevel>>

export interface Permissions {
  rights: string[]
  reach: string
  reaches: Record<string, string>
  divisions: string[]
  organisations: number[]
  fields: FieldRights
}

export interface Holder {
  id: number
  name: string
  account: string
  organisation?: string
  until: string | null
}

export interface RoleAnswer extends Permissions {
  id: number
  key: string
  title: string
  version: number
  duty: string
  own: boolean
  holders: Holder[]
  posts: { id: number; title: string; organisation__name: string }[]
}

export interface PostAnswer extends Permissions {
  id: number
  title: string
  organisation: string
  version: number
  duty: string
  own: boolean
  roles: number[]
  holders: Holder[]
  all_roles: { id: number; key: string; title: string }[]
}

export interface Office {
  id: number
  parent_id: number | null
  name: string
  code: string
  kind: string
  division: string
  active: boolean
  governed: boolean
  ended_on: string | null
  ended_reason: string
  merged_into__name: string | null
  accounts: number
  path: string
}

export interface OfficeNode extends Office {
  children: OfficeNode[]
}

/** Offices as a tree; one whose superior is out of reach stands at the top. */
export function treeOf(rows: Office[]): OfficeNode[] {
  const nodes = new Map(rows.map((row) => [row.id, { ...row, children: [] as OfficeNode[] }]))
  const top: OfficeNode[] = []
  for (const node of nodes.values()) {
    const above = node.parent_id === null ? undefined : nodes.get(node.parent_id)
    if (above) above.children.push(node)
    else top.push(node)
  }
  return top
}

const KINDS: Record<string, string> = { menu: '菜单', operation: '操作', data: '数据' }

/** Function points as a tree of groups, each with its menu, operation and data rights. */
export function groupsOf(points: FunctionPoint[]): TreeNodeData[] {
  const groups = new Map<string, TreeNodeData>()
  for (const point of points) {
    if (!groups.has(point.group)) groups.set(point.group, { key: `g:${point.group}`, label: point.group, children: [] })
    groups.get(point.group)?.children.push({
      key: point.right,
      label: point.title,
      kind: KINDS[point.kind] ?? point.kind,
      duty: point.duty,
    })
  }
  return [...groups.values()]
}

/** Field rights without what is as declared. */
export function trimmed(fields: FieldRights): FieldRights {
  const kept: FieldRights = {}
  for (const [base, levels] of Object.entries(fields)) {
    const said = Object.entries(levels).filter(([, level]) => level !== 'editable')
    if (said.length) kept[base] = Object.fromEntries(said)
  }
  return kept
}
