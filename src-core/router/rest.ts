import type { GatewayError } from '../model/error.ts'

export interface HealthSettings {
  /** Failures in a row before a hiccup cools a target. */
  failureThreshold: number
  cooldownMs: number
  fatalCooldownMs: number
}

export interface Rest {
  ms: number
  /** Who named it: the header's name, `body`, or `policy` for a time of our own. */
  from: string
  /** The provider named it, so it is taken as it is. */
  named: boolean
}

/** A named wait is believed up to here, unless it is when a limit is reset; the next try then asks again. */
const longestNamedMs = 15 * 60_000

/**
 * How long to step aside after a failure; undefined for a hiccup that does not count yet. `failures` counts those
 * in a row, this one included; `rests` the rests in a row before it.
 */
export function restAfter(
  failure: GatewayError,
  { failures, rests }: { failures: number; rests: number },
  settings: HealthSettings,
): Rest | undefined {
  const { health, retrySame } = failure.consequence
  const named = namedRest(failure)
  const fatalMs = Math.max(settings.fatalCooldownMs, settings.cooldownMs)
  if (health === 'trip') return named && named.ms > fatalMs ? named : ours(fatalMs)
  if (named) return named
  // What the same target may cure in a moment is a hiccup: it counts when it repeats, and rests are all alike.
  if (retrySame) return failures < settings.failureThreshold ? undefined : ours(settings.cooldownMs)
  // A refusal to take more work counts at once, and longer each time.
  return ours(Math.min(settings.cooldownMs * 2 ** rests, fatalMs))
}

const ours = (ms: number): Rest => ({ ms, from: 'policy', named: false })

function namedRest({ wait }: GatewayError): Rest | undefined {
  if (!wait || wait.from === 'none' || !(wait.ms > 0)) return undefined
  return { ms: wait.reset ? wait.ms : Math.min(wait.ms, longestNamedMs), from: wait.from, named: true }
}
