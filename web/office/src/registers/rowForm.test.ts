import { describe, expect, it } from 'vitest'
import { changed, differing } from './rowForm'

describe('a form sends only what was changed', () => {
  it('sees no change where text and number say the same', () => {
    expect(changed({ floor: 3, note: null }, { floor: '3', note: '' })).toEqual({})
    expect(changed({ rent: '1000.00' }, { rent: '1000' })).toEqual({ rent: '1000' })
  })
  it('names the fields in which two versions differ', () => {
    const fields = [
      { key: 'rent', title: '租金', type: 'money' as const },
      { key: 'floor', title: '楼层', type: 'integer' as const },
    ]
    expect(differing(fields, { rent: '1', floor: 2 }, { rent: '2', floor: '2' }).map((one) => one.key)).toEqual([
      'rent',
    ])
  })
})
