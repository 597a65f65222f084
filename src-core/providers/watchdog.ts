import { createRoster, type Listed } from '../model/roster.ts'

/** Something that must have happened by `dueAt` (milliseconds of `performance.now()`; Infinity: no hurry). */
export interface Watched extends Listed {
  dueAt: number
  expire(): void
}

export interface Watchdog {
  watch(one: Watched): void
  forget(one: Watched): void
}

/** How late an expiry may be told. */
const lookMs = 100

/** One timer for all requests under way: they only write down when they are due, which costs next to nothing. */
export function createWatchdog(): Watchdog {
  const watched = createRoster<Watched>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const now = performance.now()
    for (const one of watched) if (one.dueAt <= now) one.expire()
    if (watched.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch(one) {
      watched.add(one)
      timer ??= setInterval(look, lookMs)
    },
    forget: (one) => watched.remove(one),
  }
}
