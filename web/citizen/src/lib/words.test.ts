import { expect, it } from 'vitest'
import { acceptWord, placeWord } from './words'

const project = (allocation: string, accept_from: string | null, accept_until: string | null) => ({
  allocation,
  accept_from,
  accept_until,
})

it('says when applications are taken, and never that it is always where a period is still to come', () => {
  expect(acceptWord(project('central', '2020-03-01', '2020-04-30'))).toBe('2020 年 3 月 1 日—2020 年 4 月 30 日')
  expect(acceptWord(project('central', '2020-03-01', null))).toBe('2020 年 3 月 1 日起')
  expect(acceptWord(project('central', null, null))).toBe('还没有公布')
  expect(acceptWord(project('regular', null, null))).toBe('随时')
})

it('says where a home is by district, sector and address of its project, never by its name again', () => {
  const place = { division: '339901', sector: '江湾新城', project_address: '江湾路 88 号' }
  expect(placeWord(place)).toBe('339901 江湾新城 江湾路 88 号')
  expect(placeWord({ ...place, sector: '' })).toBe('339901 江湾路 88 号')
  expect(placeWord({ division: '339901' })).toBe('339901')
})
