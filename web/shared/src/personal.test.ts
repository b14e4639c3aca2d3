import { describe, expect, it } from 'vitest'
import { namesPerson } from './personal'

describe('a text that names a person by number', () => {
  it.each([
    '339901199001010026',
    '33990119900101002x',
    '339901 1990 0101 0026',
    '339901900101002',
    '周晓芳13912345678',
  ])('%s does', (text) => expect(namesPerson(text)).toBe(true))
  it.each([
    '',
    '周晓芳',
    'GZ3399012026000001',
    'ZR339901202600000001',
    '0571-8888',
    '3399010026',
    '江湾家园 1 号楼 101',
  ])('%s does not', (text) => expect(namesPerson(text)).toBe(false))
})
