import { expect, test } from 'vitest'
import { halved, hundredths, left, written } from './sums'

test('sums are exact to the fen', () => {
  expect(hundredths('0.10')).toBe(10)
  expect(hundredths('1205.1')).toBe(120510)
  expect(hundredths('1.005')).toBeNull()
  expect(hundredths('-1')).toBeNull()
  expect(written(-5)).toBe('-0.05')
  const parts = [
    { room_no: '1', layout: '', floor_area: '20.35', rent: '0.10' },
    { room_no: '2', layout: '', floor_area: '26.00', rent: '0.20' },
  ]
  expect(left('46.35', parts, 'floor_area')).toBe(0)
  expect(left('0.30', parts, 'rent')).toBe(0)
  expect(left('0.29', parts, 'rent')).toBe(-1)
})

test('what cannot be divided goes to the last part', () => {
  expect(halved('1205.11', 2)).toEqual(['602.55', '602.56'])
  expect(halved('10.00', 3)).toEqual(['3.33', '3.33', '3.34'])
})
