/** The menu as rows: shapes and the tree of them. */
export interface MenuLine {
  id: number
  version: number
  key: string
  parent: number | null
  title: string
  icon: string
  path: string
  right: string
  position: number
  hidden: boolean
  shipped: boolean
  roles: number[]
  posts: number[]
}

export interface MenuNode extends MenuLine {
  children: MenuNode[]
}

export interface MenuAnswer {
  items: MenuLine[]
  roles: { id: number; title: string }[]
  posts: { id: number; title: string; organisation__name: string }[]
  functions: { right: string; title: string }[]
}

/** Lines in their order as a tree. */
export function menuTree(lines: MenuLine[]): MenuNode[] {
  const nodes = new Map(lines.map((line) => [line.id, { ...line, children: [] as MenuNode[] }]))
  const top: MenuNode[] = []
  for (const node of nodes.values()) {
    const above = node.parent === null ? undefined : nodes.get(node.parent)
    if (above) above.children.push(node)
    else top.push(node)
  }
  return top
}
