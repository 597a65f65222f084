import type { Decision } from '../model/decision.ts'
import type { ErrorKind } from '../model/error.ts'
import type { RouteNote, Usage } from '../model/event.ts'
import type { Protocol } from '../model/request.ts'
import type { SearchNote } from '../model/search-note.ts'

/** One client request and all its attempts. No body, no header, no secret. Times in milliseconds. */
export interface Exchange {
  id: string
  /** Since the epoch. */
  startedAt: number
  state: 'open' | 'ended'
  protocol: Protocol
  /** The name of the client key that was shown. */
  clientKey?: string
  /** The model the client named. */
  clientModel: string
  stream: boolean
  requestBytes: number
  /** Bytes relayed as they came; 0 for a translated answer. */
  relayedBytes: number
  route?: string
  because: string[]
  /** `provider.model` that answered, or that was tried last. */
  target?: string
  /** The model as the provider was asked for it. */
  model?: string
  context?: { tier: RouteNote['context']; ratio?: number }
  /** What was weighed, as the router left it: read, never changed. Long lists are cut, `leftOut` counts what is gone. */
  decision?: Decision
  leftOut?: { order: number; skipped: number }
  /** Every call to a target. */
  attempts: AttemptRecord[]
  /** Targets that were chosen but could not be called. */
  skipped: { target: string; kind: ErrorKind; because: string }[]
  /** What could not be carried over to the target's protocol. */
  dropped: { what: string; because: string }[]
  /** The model had web_search: why, and the searches that were made. */
  webSearch?: { because: string; searches: SearchNote[] }
  /** What the client got: 200, or the failure's own. A failure after content is 200 with an error. */
  status?: number
  error?: { kind: ErrorKind; message: string; providerStatus?: number }
  finishReason?: string
  usage?: Usage
  /** From the start until the first content. */
  firstContentMs?: number
  durationMs?: number
}

export interface AttemptRecord {
  target: string
  attempt: number
  startedAt: number
  outcome: 'open' | 'ok' | 'failed' | 'abandoned'
  durationMs?: number
  error?: { kind: ErrorKind; message: string; providerStatus?: number }
  /** Waited after it, before the next. */
  waitMs?: number
}
