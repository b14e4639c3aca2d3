import { afterEach, expect, it, vi } from 'vitest'
import { distanceWord, farWord, locate, lookFrom, metres, near } from './near'

afterEach(() => {
  lookFrom(null)
  vi.unstubAllGlobals()
})

it('measures along the surface and says it in round figures', () => {
  expect(metres([118, 26], [118, 27])).toBeCloseTo(111_195, -2)
  expect(metres([118, 26], [119, 26])).toBeCloseTo(99_941, -2)
  expect([40, 949, 1000, 12_345].map(distanceWord)).toEqual(['100 米', '900 米', '1.0 公里', '12.3 公里'])
  expect(farWord({ longitude: '118.1', latitude: '26.6' })).toBe('')
  lookFrom([118.1, 26.61])
  expect(farWord({ longitude: '118.1', latitude: '26.6' })).toBe('1.1 公里')
  expect(farWord({ longitude: null, latitude: null })).toBe('')
})

it('keeps no more of where somebody is than it needs, and says what to do where it cannot know', () => {
  const device = { getCurrentPosition: vi.fn() }
  vi.stubGlobal('navigator', { geolocation: device })
  locate()
  expect(near.waiting).toBe(true)
  const [found, lost] = device.getCurrentPosition.mock.calls[0] as [(at: unknown) => void, () => void]
  found({ coords: { longitude: 118.123456, latitude: 26.654321 } })
  expect([near.at, near.waiting]).toEqual([[118.123, 26.654], false])
  lost()
  expect(near.trouble).toContain('允许定位')
})
