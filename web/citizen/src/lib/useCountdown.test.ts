import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCountdown } from './useCountdown'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the countdown until a code may be asked for again', () => {
  it('runs from 60 to 0 and stops', () => {
    const scope = effectScope()
    const countdown = scope.run(() => useCountdown())
    if (!countdown) throw new Error('no scope')
    countdown.start(60)
    expect(countdown.left.value).toBe(60)
    vi.advanceTimersByTime(1000)
    expect(countdown.left.value).toBe(59)
    vi.advanceTimersByTime(58_000)
    expect(countdown.running.value).toBe(true)
    vi.advanceTimersByTime(1000)
    expect(countdown.left.value).toBe(0)
    expect(countdown.running.value).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    scope.stop()
  })

  it('follows the clock, so a phone that slept does not wait longer', () => {
    let now = 1_000_000
    const scope = effectScope()
    const countdown = scope.run(() => useCountdown(() => now))
    if (!countdown) throw new Error('no scope')
    countdown.start(60)
    now += 55_000
    vi.advanceTimersByTime(500)
    expect(countdown.left.value).toBe(5)
    scope.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
