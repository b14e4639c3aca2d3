/** Seconds left until something may be done again; kept by the clock, so a sleeping phone does not stop it. */
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'

export interface Countdown {
  left: ComputedRef<number>
  running: ComputedRef<boolean>
  start: (seconds: number) => void
  until: (moment: Date) => void
}

export function useCountdown(now: () => number = Date.now): Countdown {
  const end = ref(0)
  const present = ref(now())
  let timer: ReturnType<typeof setInterval> | undefined

  const left = computed(() => Math.max(0, Math.ceil((end.value - present.value) / 1000)))
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const tick = () => {
    present.value = now()
    if (left.value === 0) stop()
  }
  const begin = (moment: number) => {
    end.value = moment
    present.value = now()
    stop()
    if (left.value > 0) timer = setInterval(tick, 500)
  }

  onScopeDispose(stop)
  return {
    left,
    running: computed(() => left.value > 0),
    start: (seconds) => begin(now() + seconds * 1000),
    until: (moment) => begin(moment.getTime()),
  }
}
