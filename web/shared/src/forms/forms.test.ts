import { describe, expect, it } from 'vitest'
import { checkForm } from './check'
import { valueAt, withValue } from './paths'
import type { FormSchema } from './schema'
import { holds, known } from './visibility'

describe('conditions', () => {
  it('compares texts, whole numbers and lists as the server does', () => {
    const values = { housing: { mode: 'rent', rooms: 3 }, kinds: ['a', 'b'], ok: true }
    expect(holds('housing.mode == "rent"', values)).toBe(true)
    expect(holds('housing.rooms == 3 && ok', values)).toBe(true)
    expect(holds('housing.rooms > 3', values)).toBe(false)
    expect(holds('"b" in kinds', values)).toBe(true)
    expect(holds('housing.mode in ["own", "rent"]', values)).toBe(true)
    expect(holds(undefined, values)).toBe(true)
  })
  it('counts as not fulfilled what cannot be evaluated', () => {
    expect(holds('missing.deep == 1', {})).toBe(false)
    expect(holds('((', {})).toBe(false)
  })
  it('sees unanswered questions as null and amounts as numbers', () => {
    const fields = [
      { key: 'rent', title: '租金', type: 'money' as const },
      { key: 'mode', title: '方式', type: 'choice' as const },
    ]
    expect(holds('rent > 1000.0', known(fields, { rent: '1920.00' }))).toBe(true)
    expect(holds('mode == null', known(fields, {}))).toBe(true)
    expect(holds('form.place.city == "3399"', known(fields, {}, { place: { city: '3399' } }))).toBe(true)
  })
})

describe('paths', () => {
  it('reads and writes without touching the original', () => {
    const before = { members: [{ name: '甲' }, { name: '乙' }] }
    const after = withValue(before, 'members.1.name', '丙')
    expect(valueAt(after, 'members.1.name')).toBe('丙')
    expect(valueAt(before, 'members.1.name')).toBe('乙')
    expect(valueAt(withValue({}, 'a.b', 1), 'a.b')).toBe(1)
  })
})

describe('checks before sending', () => {
  const flat: FormSchema = {
    key: 'x',
    title: 'x',
    sections: [
      {
        key: 'main',
        title: '',
        fields: [
          { key: 'mode', title: '方式', type: 'choice', required: true },
          { key: 'rent', title: '租金', type: 'money', required: true, max: 5000, visible: 'mode == "rent"' },
          { key: 'note', title: '说明', type: 'textarea', max_length: 3 },
        ],
      },
    ],
  }
  it('asks only for what is shown', () => {
    expect(checkForm(flat, { mode: 'own' })).toEqual([])
    expect(checkForm(flat, { mode: 'rent' }).map((one) => one.field)).toEqual(['rent'])
    expect(checkForm(flat, { mode: 'rent', rent: '6000', note: '太长了吧' }).map((one) => one.code)).toEqual([
      'number.too_large',
      'too_long',
    ])
  })
  it('names places in pages and repeated groups by their path', () => {
    const paged: FormSchema = {
      key: 'p',
      title: 'p',
      pages: true,
      sections: [
        {
          key: 'members',
          title: '家庭成员',
          fields: [
            {
              key: 'list',
              title: '成员',
              type: 'group',
              fields: [{ key: 'name', title: '姓名', type: 'person_name', required: true }],
            },
          ],
        },
      ],
    }
    const problems = checkForm(paged, { members: { list: [{ name: '王华' }, {}] } })
    expect(problems).toEqual([{ field: 'members.list.1.name', code: 'missing', message: '请填“姓名”' }])
  })
})
