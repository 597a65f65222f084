import type { GatewayError } from '../model/error.ts'
import type { Target } from '../model/target.ts'
import {
  blocking,
  type Entry,
  failed,
  type HealthFailure,
  healthy,
  inForce,
  moved,
  outlives,
  type TargetHealth,
} from './health-entry.ts'
import type { HealthSettings } from './rest.ts'

/** A target or a credential that failed, as the window shows it and the health file keeps it. */
export interface HealthEntry {
  /** `provider.model` or `provider[alias].model`; of a credential `provider[alias]`. */
  id: string
  /** `healthy` after a hiccup, or when a rest is over and no call has shown yet how it is. */
  state: TargetHealth['state']
  /** When the present or last rest began; without one, when it failed last. */
  since: number
  /** When it may be tried again; 0 when healthy. */
  until: number
  failure?: HealthFailure
  /** Who named the wait: a header's name, `body`, or `policy` for a time of our own. */
  waitFrom?: string
  /** The target that failed last: what a probe asks. */
  target: string
  /** From before a restart: it does not block until a call has confirmed it. */
  suspect?: boolean
}

export interface HealthList {
  targets: HealthEntry[]
  credentials: HealthEntry[]
}

type Outcome = 'ok' | GatewayError

/** One writer (`withHealth`), one reader (the router); the window looks on. */
export interface Health {
  state(target: Target): TargetHealth
  /** `begunAt`: when the call was made; an `ok` from before a rest does not end it. */
  record(target: Target, outcome: Outcome, begunAt?: number): void
  /** Those with a history. */
  list(): HealthList
  /** Forgets a target, a credential, or all of a provider; everything when none is named. */
  reset(what: { target?: string; credential?: string; provider?: string }): void
  /** Called after each change, in the request's own turn: be quick. Returns what ends it. */
  subscribe(listener: () => void): () => void
}

export interface HealthOptions {
  /** Read at every failure, so a saved config counts at once. */
  settings: () => HealthSettings
  now: () => number
  /** What was in force when Patchbay stopped; what is over by now is left out. */
  restored?: HealthList
  /** A listener that throws is heard here and harms no request. */
  listenerFailed: (thrown: unknown) => void
}

/** Names come from clients where a provider takes any model, so the memory of failures has an end. */
const mostEntries = 5000

/**
 * Health in memory. A rest that is over makes the target selectable again, but only `ok` forgets the
 * failures: until then one more failure sends it back at once.
 */
export function createHealth({ settings, now, restored, listenerFailed }: HealthOptions): Health {
  let latest = now()
  const byTarget = restore(restored?.targets ?? [], latest)
  const byCredential = restore(restored?.credentials ?? [], latest)
  const listeners = new Set<() => void>()

  /** A clock that was set back does not make rests longer. */
  function time(): number {
    const at = now()
    if (at < latest) {
      for (const entries of [byTarget, byCredential]) {
        for (const [id, entry] of entries) entries.set(id, moved(entry, at - latest))
      }
    }
    latest = at
    return at
  }

  function changed(): void {
    for (const listener of listeners) {
      try {
        listener()
      } catch (thrown) {
        listenerFailed(thrown)
      }
    }
  }

  function forget(entries: Map<string, Entry>, id: string, begunAt: number, at: number): boolean {
    const entry = entries.get(id)
    return entry !== undefined && !outlives(entry, begunAt, at) && entries.delete(id)
  }

  return {
    state(target) {
      if (byTarget.size === 0 && byCredential.size === 0) return healthy
      const at = time()
      const credential = byCredential.size === 0 ? undefined : byCredential.get(credentialId(target))
      return blocking(credential, at) ?? blocking(byTarget.get(target.id), at) ?? healthy
    },

    record(target, outcome, begunAt = Number.POSITIVE_INFINITY) {
      if (outcome === 'ok') {
        if (byTarget.size === 0 && byCredential.size === 0) return
        const at = time()
        const ofTarget = forget(byTarget, target.id, begunAt, at)
        const ofCredential = forget(byCredential, credentialId(target), begunAt, at)
        if (ofTarget || ofCredential) changed()
        return
      }
      const { health, scope } = outcome.consequence
      if (health === 'none') return
      const entries = scope === 'credential' ? byCredential : byTarget
      const id = scope === 'credential' ? credentialId(target) : target.id
      const told = { target: target.id, failure: outcome, at: time(), settings: settings() }
      entries.set(id, failed(entries.get(id), told))
      if (entries.size > mostEntries) entries.delete(entries.keys().next().value!)
      changed()
    },

    list() {
      const at = time()
      const listed = (entries: Map<string, Entry>) => [...entries].map(([id, entry]) => describe(id, entry, at))
      return { targets: listed(byTarget), credentials: listed(byCredential) }
    },

    reset({ target, credential, provider }) {
      const all = target === undefined && credential === undefined && provider === undefined
      const meant = (id: string, named: string | undefined) => all || id === named || isOf(id, provider)
      for (const id of byTarget.keys()) if (meant(id, target)) byTarget.delete(id)
      for (const id of byCredential.keys()) if (meant(id, credential)) byCredential.delete(id)
      changed()
    },

    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function describe(id: string, entry: Entry, at: number): HealthEntry {
  const { since, health, waitFrom, target, suspect } = entry
  const { failure } = health
  if (!inForce(entry, at)) return { id, state: 'healthy', since, until: 0, failure, target }
  const { state, until } = health
  return { id, state, since, until, failure, waitFrom, target, ...(suspect && { suspect }) }
}

function restore(entries: readonly HealthEntry[], at: number): Map<string, Entry> {
  const restored = new Map<string, Entry>()
  for (const { id, state, since, until, failure, waitFrom, target } of entries) {
    if (state === 'healthy' || until <= at) continue
    const health: TargetHealth = { state, until, failure }
    const entry: Entry = { failures: 1, rests: 1, since, health, waitFrom, target, suspect: true }
    restored.set(id, since > at ? moved(entry, at - since) : entry)
  }
  return restored
}

// A provider's id holds no dot or bracket, so neither can be read two ways.
const credentialId = ({ provider, credential }: Target): string => `${provider}[${credential}]`
const isOf = (id: string, provider: string | undefined): boolean =>
  provider !== undefined && (id.startsWith(`${provider}.`) || id.startsWith(`${provider}[`))
