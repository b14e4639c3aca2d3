import { describe, expect, it } from 'vitest'
import { checkForm } from './check'
import { valueAt, withValue } from './paths'
import type { FormSchema } from './schema'
import { holds } from './visibility'

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
  it('counts as false what cannot be evaluated', () => {
    expect(holds('missing.deep == 1', {})).toBe(false)
    expect(holds('((', {})).toBe(false)
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
  const schema: FormSchema = {
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
    expect(checkForm(schema, { mode: 'own' })).toEqual([])
    expect(checkForm(schema, { mode: 'rent' }).map((one) => one.field)).toEqual(['rent'])
    expect(checkForm(schema, { mode: 'rent', rent: '6000', note: '太长了吧' }).map((one) => one.code)).toEqual([
      'too_large',
      'too_long',
    ])
  })
})
