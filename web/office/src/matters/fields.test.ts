import type { FormSchema } from '@anju/shared/forms/schema'
import { describe, expect, it } from 'vitest'
import { asPlaces, placesOf, problemsIn } from './fields'

const schema: FormSchema = {
  key: 'a',
  title: '甲',
  sections: [
    { key: 'site', title: '地块', fields: [{ key: 'name', title: '名称', type: 'text' }] },
    { key: 'units', title: '房屋', fields: [{ key: 'rows', title: '明细', type: 'group', fields: [] }] },
  ],
}
const problems = [
  { field: 'site.name', code: 'missing', message: '请填“名称”' },
  { field: 'units.rows.2.area', code: 'missing', message: '请填“面积”' },
  { field: 'materials.land', code: 'material.missing', message: '还没有上传土地证明' },
]

describe('the places of problems', () => {
  it('leads to the input of a field and of a row', () => {
    expect(asPlaces(problems).map((one) => one.field)).toEqual(['site-name', 'units-rows-2-area', 'materials-land'])
    expect(placesOf(schema, problems).map((one) => [one.key, one.title])).toEqual([
      ['site-name', '名称'],
      ['units-rows-2-area', '明细'],
    ])
  })

  it('gives a section only its own', () => {
    expect(problemsIn(schema.sections[1]!, problems).map((one) => one.field)).toEqual(['rows.2.area'])
  })
})
