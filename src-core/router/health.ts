import type { GatewayError } from '../model/error.ts'
import type { Target } from '../model/target.ts'

export interface TargetHealth {
  state: 'healthy' | 'cooling' | 'tripped'
  /** When it may be tried again, in the clock's milliseconds; 0 when healthy. */
  until: number
  /** What put it there. */
  failure?: GatewayError
}

type Outcome = 'ok' | GatewayError

/** One writer (`withHealth`), one reader (the router). */
export interface Health {
  state(target: Target): TargetHealth
  record(target: Target, outcome: Outcome): void
}

interface HealthSettings {
  /** Failures in a row before a hiccup cools a target. */
  failureThreshold: number
  cooldownMs: number
  fatalCooldownMs: number
}

export interface HealthOptions {
  /** Read at every failure, so a saved config counts at once. */
  settings: () => HealthSettings
  now: () => number
}

interface Entry {
  failuresInRow: number
  health: TargetHealth
}

const healthy: TargetHealth = { state: 'healthy', until: 0 }
/** A named wait is believed up to here; the next try then asks again. */
const longestNamedWaitMs = 15 * 60_000
/** Names come from clients where a provider takes any model, so the memory of failures has an end. */
const mostEntries = 5000

/**
 * Health in memory. A rest that is over makes the target selectable again, but only `ok` forgets the
 * failures: until then one more failure sends it back at once.
 */
export function createHealth({ settings, now }: HealthOptions): Health {
  const byTarget = new Map<string, Entry>()
  const byCredential = new Map<string, Entry>()

  return {
    state(target) {
      if (byTarget.size === 0 && byCredential.size === 0) return healthy
      const time = now()
      const credential = byCredential.size === 0 ? undefined : byCredential.get(credentialKey(target))
      return resting(credential, time) ?? resting(byTarget.get(target.id), time) ?? healthy
    },

    record(target, outcome) {
      if (outcome === 'ok') {
        if (byTarget.size > 0) byTarget.delete(target.id)
        if (byCredential.size > 0) byCredential.delete(credentialKey(target))
        return
      }
      const { health, scope } = outcome.consequence
      if (health === 'none') return
      const entries = scope === 'credential' ? byCredential : byTarget
      const key = scope === 'credential' ? credentialKey(target) : target.id
      const entry = entries.get(key) ?? { failuresInRow: 0, health: healthy }
      entries.set(key, entry)
      if (entries.size > mostEntries) entries.delete(entries.keys().next().value!)
      entry.failuresInRow += 1
      const restMs = restAfter(outcome, entry.failuresInRow, settings())
      if (restMs === undefined) return
      entry.health = { state: health === 'trip' ? 'tripped' : 'cooling', until: now() + restMs, failure: outcome }
    },
  }
}

/** How long to step aside; undefined for a hiccup that does not count yet. */
function restAfter(failure: GatewayError, failuresInRow: number, settings: HealthSettings): number | undefined {
  const named = namedWaitMs(failure)
  const { health, retrySame } = failure.consequence
  if (health === 'trip') return Math.max(named ?? 0, settings.fatalCooldownMs)
  if (named !== undefined) return named
  // What the same target may cure in a moment is a hiccup; a refusal to take more work is not.
  if (retrySame && failuresInRow < settings.failureThreshold) return undefined
  return settings.cooldownMs
}

function namedWaitMs({ wait }: GatewayError): number | undefined {
  if (!wait || wait.from === 'none' || !(wait.ms > 0)) return undefined
  return Math.min(wait.ms, longestNamedWaitMs)
}

function resting(entry: Entry | undefined, time: number): TargetHealth | undefined {
  return entry && entry.health.until > time ? entry.health : undefined
}

/** A provider's id holds no dot or bracket, so this cannot be read two ways. */
function credentialKey(target: Target): string {
  return `${target.provider}[${target.credential}]`
}
