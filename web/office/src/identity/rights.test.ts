import { describe, expect, it } from 'vitest'
import { byGroup, groupsOf, treeOf, trimmed, type Office } from './rights'

const office = (id: number, parent: number | null): Office => ({
  id,
  parent_id: parent,
  name: `机构 ${id}`,
  code: String(id),
  kind: 'city',
  division: '339900',
  active: true,
  governed: false,
  ended_on: null,
  ended_reason: '',
  merged_into__name: null,
  accounts: 0,
  path: '/',
})

describe('rights', () => {
  it('puts new rights under their packages, each in its place', () => {
    const one = (right: string, group: string) => ({ right, group, title: right, since: '1.0' })
    expect(byGroup([one('a', '房源'), one('b', '导入'), one('c', '房源')])).toEqual([
      { title: '房源', rights: [one('a', '房源'), one('c', '房源')] },
      { title: '导入', rights: [one('b', '导入')] },
    ])
  })
  it('puts offices below their superiors, and those without one in reach at the top', () => {
    const tree = treeOf([office(2, 1), office(3, 2), office(4, 2)])
    expect(tree.map((node) => node.id)).toEqual([2])
    expect(tree[0]?.children.map((node) => node.id)).toEqual([3, 4])
  })

  it('groups function points', () => {
    const groups = groupsOf([
      { right: 'a.b.view', title: '看', group: '甲', kind: 'menu', duty: '' },
      { right: 'a.b.export', title: '导出', group: '甲', kind: 'data', duty: '' },
      { right: 'c.d.view', title: '看', group: '乙', kind: 'menu', duty: 'audit' },
    ])
    expect(groups.map((group) => [group.label, group.children.length])).toEqual([
      ['甲', 2],
      ['乙', 1],
    ])
  })

  it('keeps only what is limited', () => {
    expect(trimmed({ a: { x: 'editable', y: 'hidden' }, b: { z: 'editable' } })).toEqual({ a: { y: 'hidden' } })
  })
})
