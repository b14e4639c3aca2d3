import { expect, it } from 'vitest'
import { holds } from './found'

it('finds what was typed in any of the texts, in capitals or not', () => {
  expect(holds(' jw01 ', '江湾家园', 'JW01')).toBe(true)
  expect(holds('JW', '江湾家园', 'jw01')).toBe(true)
  expect(holds('家园', '江湾家园', 'JW01')).toBe(true)
  expect(holds('NP', '江湾家园', 'JW01')).toBe(false)
  expect(holds('  ', '江湾家园')).toBe(true)
})
