import type { ErrorKind, GatewayError } from '../model/error.ts'
import { type HealthSettings, restAfter } from './rest.ts'

export interface HealthFailure {
  kind: ErrorKind
  message: string
  providerStatus?: number
  providerCode?: string
}

export interface TargetHealth {
  state: 'healthy' | 'cooling' | 'tripped'
  /** When it may be tried again, in the clock's milliseconds; 0 when healthy. */
  until: number
  /** What put it there. */
  failure?: HealthFailure
}

/** What is remembered of a target or a credential that failed. Never changed: a further failure makes another. */
export interface Entry {
  /** Since the last `ok`. */
  failures: number
  /** Since the last `ok`, the present one included. */
  rests: number
  /** When the present or last rest began; without one, when it failed last. */
  since: number
  health: TargetHealth
  waitFrom: string | undefined
  /** The target that failed last: what a probe asks. */
  target: string
  /** From before a restart: it does not block until a call has confirmed it. */
  suspect: boolean
}

export const healthy: TargetHealth = { state: 'healthy', until: 0 }

export const inForce = ({ health }: Entry, at: number): boolean => health.until > at

/** What keeps requests away, if anything does. */
export function blocking(entry: Entry | undefined, at: number): TargetHealth | undefined {
  return entry && !entry.suspect && inForce(entry, at) ? entry.health : undefined
}

export interface Failed {
  target: string
  failure: GatewayError
  at: number
  settings: HealthSettings
}

/** After one more failure. What comes in during a rest may lengthen it, and is not another one. */
export function failed(before: Entry | undefined, { target, failure, at, settings }: Failed): Entry {
  const resting = before !== undefined && inForce(before, at)
  const failures = (before?.failures ?? 0) + 1
  const earlierRests = (before?.rests ?? 0) - (resting ? 1 : 0)
  const since = resting ? before.since : at
  const rest = restAfter(failure, { failures, rests: earlierRests }, settings)
  if (!rest) {
    if (resting) return { ...before, failures, target }
    const health: TargetHealth = { state: 'healthy', until: 0, failure: told(failure) }
    return { failures, rests: earlierRests, since, health, waitFrom: undefined, target, suspect: false }
  }
  const until = at + rest.ms
  // A time of our own never shortens what is in force; the provider's latest word does, and so does another trouble
  // than the one from before a restart.
  const stands = resting && (!before.suspect || before.health.failure?.kind === failure.kind)
  if (stands && !rest.named && until <= before.health.until) return { ...before, failures, target, suspect: false }
  const state = failure.consequence.health === 'trip' ? 'tripped' : 'cooling'
  const health: TargetHealth = { state, until, failure: told(failure) }
  return { failures, rests: earlierRests + 1, since, health, waitFrom: rest.from, target, suspect: false }
}

/** An `ok` of a call that had begun before the rest did says nothing about it. */
export function outlives(entry: Entry, begunAt: number, at: number): boolean {
  return inForce(entry, at) && begunAt < entry.since
}

/** When the clock was set: rests keep their length. */
export function moved(entry: Entry, by: number): Entry {
  const { health, since } = entry
  return { ...entry, since: since + by, health: health.until === 0 ? health : { ...health, until: health.until + by } }
}

/** Without what only the moment needs: the cause and the stack hold on to much. */
function told({ kind, message, providerStatus, providerCode }: GatewayError): HealthFailure {
  return { kind, message, providerStatus, providerCode }
}
