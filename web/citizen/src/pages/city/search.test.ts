import { describe, expect, it } from 'vitest'
import type { City, Province } from '../../api/types'
import { findCities, initials } from './search'

const city = (code: string, name: string, pinyin: string, open = false): City => ({
  code,
  name,
  short: name,
  pinyin,
  initial: pinyin[0]?.toUpperCase() ?? '',
  open,
})
const provinces: Province[] = [
  {
    code: '330000',
    name: '浙江省',
    short: '浙江',
    pinyin: 'zhejiang',
    open: 1,
    cities: [city('330100', '杭州市', 'hangzhou'), city('339900', '澜州市', 'lanzhou', true)],
  },
  {
    code: '620000',
    name: '甘肃省',
    short: '甘肃',
    pinyin: 'gansu',
    open: 0,
    cities: [city('620100', '兰州市', 'lanzhou')],
  },
]
const names = (typed: string) => findCities(provinces, typed).map((one) => one.city.name)

describe('finding a city by typing', () => {
  it('finds by name, by pinyin, by first letters and by province', () => {
    expect(names('杭')).toEqual(['杭州市'])
    expect(names('hang')).toEqual(['杭州市'])
    expect(names('hz')).toEqual(['杭州市'])
    expect(names('浙江')).toEqual(['澜州市', '杭州市'])
  })
  it('puts the open city first', () => {
    expect(names('lz')).toEqual(['澜州市', '兰州市'])
    expect(names('LanZhou')).toEqual(['澜州市', '兰州市'])
  })
  it('takes the first letter of each syllable', () => {
    expect(initials('zibo')).toBe('zb')
    expect(initials('chongqing')).toBe('cq')
    expect(initials("xi'an")).toBe('xa')
  })
})
