import { createRoster, type Listed } from '../model/roster.ts'

/** An open answer that must not fall silent. */
export interface Pulse extends Listed {
  /** Milliseconds (of the same clock) of the last byte to the client. */
  lastWrite: number
  beat(): void
}

export interface Heartbeat {
  add(pulse: Pulse): void
  remove(pulse: Pulse): void
  /** How many answers are open. */
  readonly open: number
  close(): void
}

/** One timer for all open answers: an answer silent for `silenceMs` is asked to beat. */
export function createHeartbeat(options: { silenceMs: number; now(): number }): Heartbeat {
  const pulses = createRoster<Pulse>()
  let timer: NodeJS.Timeout | undefined

  function tick(): void {
    const due = options.now() - options.silenceMs
    for (const pulse of pulses) if (pulse.lastWrite <= due) pulse.beat()
  }

  return {
    add(pulse) {
      pulses.add(pulse)
      timer ??= setInterval(tick, Math.min(1000, options.silenceMs)).unref()
    },
    remove: (pulse) => pulses.remove(pulse),
    get open() {
      return pulses.size
    },
    close() {
      clearInterval(timer)
      timer = undefined
    },
  }
}
