import type { GatewayError } from '../model/error.ts'
import type { Candidate, RouteDecision } from './route.ts'

interface Attempt {
  candidate: Candidate
  /** Waited before it, because the provider asked for it. */
  waitMs: number
}

export interface Failure {
  candidate: Candidate
  error: GatewayError
  at: number
}

export interface AttemptsOptions {
  decision: RouteDecision
  /** The same decision as things are now. */
  decideAgain: () => RouteDecision
  retry: { attempts: number; maxWaitMs: number }
  deadline: { at: number; signal: AbortSignal }
  now: () => number
}

/** Which target is next, given how those before it failed. One per request. */
export interface Attempts {
  readonly failures: readonly Failure[]
  first(): Attempt | undefined
  after(candidate: Candidate, error: GatewayError): Attempt | undefined
}

export function createAttempts({ decision, decideAgain, retry, deadline, now }: AttemptsOptions): Attempts {
  const failures: Failure[] = []
  let position = 0

  const next = (): Attempt | undefined => {
    while (position < decision.order.length) {
      const candidate = decision.order[position++]!
      if (!failures.some((failure) => rulesOut(failure, candidate))) return { candidate, waitMs: 0 }
    }
    return undefined
  }

  /** One that has come back to health while others were asked. */
  const returned = (): Attempt | undefined => {
    const candidate = decideAgain().order.find(
      (one) => isSound(one) && !failures.some((failure) => isSame(failure, one) || rulesOut(failure, one)),
    )
    return candidate && { candidate, waitMs: 0 }
  }

  /** A wait a provider asks for is waited out only when no other target is left, and only a short one. */
  const again = (): Attempt | undefined => {
    const time = now()
    let best: Attempt | undefined
    for (const failure of failures) {
      const { candidate, error, at } = failure
      const { wait, consequence } = error
      const tries = failures.filter((other) => other.candidate === candidate)
      if (failure !== tries.at(-1) || tries.length >= retry.attempts || consequence.retrySame) continue
      if (!wait || wait.from === 'none' || !(wait.ms > 0) || wait.ms > retry.maxWaitMs) continue
      const waitMs = Math.max(0, at + wait.ms - time)
      if (time + waitMs >= deadline.at) continue
      if (!best || waitMs < best.waitMs) best = { candidate, waitMs }
    }
    return best
  }

  return {
    failures,
    first: next,
    after(candidate, error) {
      failures.push({ candidate, error, at: now() })
      if (!error.consequence.tryNext || deadline.signal.aborted || now() >= deadline.at) return undefined
      const queued = next()
      if (queued && isSound(queued.candidate)) return queued
      const back = returned()
      if (back && queued) position -= 1
      return back ?? queued ?? again()
    },
  }
}

/** Likely to answer: those that are not stand at the end of the order. */
const isSound = ({ health, verdict }: Candidate): boolean => health.state === 'healthy' && verdict.tier !== 'overflow'

const isSame = ({ candidate }: Failure, { target }: Candidate): boolean => candidate.target.id === target.id

/** Whether a failure makes a later candidate pointless in this request. */
function rulesOut({ candidate: failed, error }: Failure, candidate: Candidate): boolean {
  const { target } = candidate
  if (error.consequence.scope === 'credential') {
    return target.provider === failed.target.provider && target.credential === failed.target.credential
  }
  if (error.kind !== 'context-overflow') return false
  if (target.provider === failed.target.provider && target.model === failed.target.model) return true
  const known = target.limitFrom !== 'default' && failed.target.limitFrom !== 'default'
  return known && target.maxContextTokens <= failed.target.maxContextTokens
}
