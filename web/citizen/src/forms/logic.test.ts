import { describe, expect, it } from 'vitest'
import { ageOf, masked, missing, missingInRow, rowHeading, said, shownFields } from './logic'
import type { Field, Section } from './schema'

const situation: Field = {
  key: 'situation',
  title: '现在住在哪里',
  type: 'choice',
  required: true,
  options: [{ code: 'rented', title: '租的房子' }],
}
const rent: Field = {
  key: 'rent',
  title: '每个月房租',
  type: 'money',
  unit: '元',
  required: true,
  visible: 'situation == "rented"',
}
const homes: Field = {
  key: 'homes',
  title: '名下的房子',
  type: 'group',
  row_title: '第 {n} 套',
  fields: [
    { key: 'address', title: '地址', type: 'text', required: true },
    { key: 'area', title: '面积', type: 'area', unit: '㎡', required: true },
  ],
}
const housing: Section = { key: 'housing', title: '现在的住房', fields: [situation, rent, homes] }
const options = (field: Field) => field.options ?? []

describe('which questions are asked', () => {
  it('asks for the rent only of those who rent', () => {
    expect(shownFields(housing.fields, {}, {}).map((field) => field.key)).toEqual(['situation', 'homes'])
    expect(shownFields(housing.fields, { situation: 'rented' }, {}).map((field) => field.key)).toContain('rent')
  })
  it('names what is missing with the page before it, rows too', () => {
    const problems = missing(housing, { situation: 'rented', homes: [{ address: '文昌路 1 号' }] }, {})
    expect(problems.map((problem) => problem.field)).toEqual(['housing.rent', 'housing.homes.0.area'])
    expect(problems[0]?.message).toBe('请填“每个月房租”')
  })
  it('lets the group be empty', () => {
    expect(missing(housing, { situation: 'own' }, {})).toEqual([])
  })
  it('says what one row lacks', () => {
    expect(missingInRow(homes, { area: '50' }, {}).map((field) => field.title)).toEqual(['地址'])
  })
})

describe('how answers are said', () => {
  it('uses the words of the choice and the unit of the figure', () => {
    expect(said(situation, 'rented', options)).toBe('租的房子')
    expect(said(rent, '2300.00', options)).toBe('2,300 元')
    expect(said(rent, '两千三', options)).toBe('两千三 元')
    expect(said(rent, '', options)).toBe('')
  })
  it('masks the middle of a number', () => {
    expect(masked('339901196403120024')).toBe('3399 **** **** **** 24')
  })
  it('names a row by its first answers', () => {
    expect(rowHeading(homes, { address: '文昌路 1 号', area: '50' }, 0, options)).toEqual({
      title: '文昌路 1 号',
      about: '50 ㎡',
    })
    expect(rowHeading(homes, {}, 1, options).title).toBe('第 2 套')
  })
  it('names a person by name, relation and age', () => {
    const members: Field = {
      key: 'members',
      title: '成员',
      type: 'group',
      fields: [
        { key: 'relation', title: '关系', type: 'choice', options: [{ code: 'spouse', title: '配偶' }] },
        { key: 'name', title: '姓名', type: 'person_name' },
        { key: 'document_number', title: '证件号码', type: 'document_number' },
      ],
    }
    const row = { relation: 'spouse', name: '陈立民', document_number: '339901196203120017' }
    expect(rowHeading(members, row, 0, options)).toEqual({
      title: '陈立民',
      about: `配偶 · ${ageOf(row.document_number)}`,
    })
    expect(ageOf('339901196203120017', new Date('2026-03-11T10:00:00Z'))).toBe('63 岁')
    expect(ageOf('339901196203120017', new Date('2026-03-12T10:00:00Z'))).toBe('64 岁')
    expect(ageOf('G12345678')).toBe('')
  })
})
