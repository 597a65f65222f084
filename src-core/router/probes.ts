import type { Target } from '../model/target.ts'
import type { Health, HealthEntry } from './health.ts'
import type { Probe, ProbeResult } from './probe.ts'

export interface ProbesOptions {
  health: Pick<Health, 'list' | 'subscribe'>
  probe: Probe
  /** The target of this id, as long as it may be called. */
  targetOf: (id: string) => Target | undefined
  now: () => number
  told: (entry: HealthEntry, result: ProbeResult) => void
}

export interface Probes {
  /** Those from before a restart are asked at once. */
  start(): void
  close(): void
}

/** A shorter rest is over before a question would pay. */
const longRestMs = 60_000
const mostLeadMs = 10_000
/** Changes come in swarms. */
const gatherMs = 250
/** The longest a timer can be set for; it is set again then. */
const longestTimerMs = 2 ** 31 - 1

/** When a rest gets its probe: at once after a restart, near the end of a long one, else never. */
export function probeDue({ state, since, until, suspect }: HealthEntry): number | undefined {
  if (state === 'healthy') return undefined
  if (suspect) return since
  const length = until - since
  return length < longRestMs ? undefined : until - Math.min(mostLeadMs, length / 10)
}

/**
 * Asks what rests, so that no request has to find out. One probe a rest: where it fails the rest may grow longer,
 * and the next one to ask is a request. Nothing is polled.
 */
export function createProbes({ health, probe, targetOf, now, told }: ProbesOptions): Probes {
  /** Id, and the beginning of the rest that has had its probe. */
  let probed = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  let queue = Promise.resolve()
  const closing = new AbortController()

  const resting = (): HealthEntry[] => {
    const { targets, credentials } = health.list()
    return [...targets, ...credentials].filter(({ state }) => state !== 'healthy')
  }

  function plan(): void {
    const at = now()
    const entries = resting()
    const begun = new Map(entries.map(({ id, since }) => [id, since]))
    probed = new Map([...probed].filter(([id, since]) => begun.get(id) === since))
    let next = Number.POSITIVE_INFINITY
    for (const entry of entries) {
      const due = probeDue(entry)
      if (due === undefined || probed.get(entry.id) === entry.since) continue
      if (due > at) {
        next = Math.min(next, due)
        continue
      }
      probed.set(entry.id, entry.since)
      queue = queue.then(() => ask(entry))
    }
    if (next < Number.POSITIVE_INFINITY) wake(next - at)
  }

  /** An answer may have freed several, so each is looked at again before it is asked. */
  async function ask({ id, since }: HealthEntry): Promise<void> {
    const entry = resting().find((one) => one.id === id && one.since === since)
    const target = entry && targetOf(entry.target)
    if (!target || closing.signal.aborted) return
    const result = await probe(target, closing.signal)
    if (!closing.signal.aborted) told(entry, result)
  }

  function wake(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(plan, Math.min(ms, longestTimerMs)).unref()
  }

  return {
    start() {
      let gathering = false
      stop = health.subscribe(() => {
        if (gathering) return
        gathering = true
        setTimeout(() => {
          gathering = false
          if (!closing.signal.aborted) plan()
        }, gatherMs).unref()
      })
      plan()
    },
    close() {
      stop?.()
      clearTimeout(timer)
      closing.abort()
    },
  }
}
