import type { GatewayError } from '../model/error.ts'
import type { Note } from '../model/event.ts'
import type { ModelRequest } from '../model/request.ts'
import type { AttemptRecord, Exchange } from './exchange-record.ts'

/** What each thing that happens does to a record. */

export function startExchange(request: ModelRequest, id: string, now: number): Exchange {
  return {
    id,
    startedAt: now,
    state: 'open',
    protocol: request.protocol,
    clientModel: request.model,
    stream: request.stream,
    requestBytes: request.traits.bytes,
    relayedBytes: 0,
    because: [],
    attempts: [],
    dropped: [],
  }
}

type Step<Type extends Note['type']> = Extract<Note, { type: Type }>

export function attemptStarted(exchange: Exchange, { target, attempt }: Step<'attempt'>, now: number): void {
  exchange.target = target
  exchange.attempts.push({ target, attempt, startedAt: now, outcome: 'open' })
}

export function attemptFailed(exchange: Exchange, note: Step<'attempt-failed'>, now: number): void {
  const { target, attempt, error, waitMs } = note
  const last = exchange.attempts.at(-1)
  const record = last?.outcome === 'open' && last.target === target ? last : unannounced(exchange, target, now)
  Object.assign(record, { attempt, outcome: 'failed', durationMs: now - record.startedAt, error: told(error), waitMs })
}

export function routed(exchange: Exchange, { decision }: Step<'routed'>): void {
  const { route, because, target, model, context, ratio } = decision
  Object.assign(exchange, { route, because, target, model, context: { tier: context, ratio } })
}

export function firstContent(exchange: Exchange, now: number): void {
  exchange.firstContentMs = now - exchange.startedAt
  const { target, attempts } = exchange
  if (target !== undefined && attempts.at(-1)?.outcome !== 'open') unannounced(exchange, target, now)
}

/** A try nobody announced: it began when the wait after the one before it was over. */
function unannounced(exchange: Exchange, target: string, now: number): AttemptRecord {
  const last = exchange.attempts.at(-1)
  const again = last !== undefined && last.target === target
  const startedAt = again ? Math.min(now, last.startedAt + (last.durationMs ?? 0) + (last.waitMs ?? 0)) : now
  const record: AttemptRecord = { target, attempt: again ? last.attempt + 1 : 1, startedAt, outcome: 'open' }
  exchange.attempts.push(record)
  return record
}

export function failExchange(exchange: Exchange, error: GatewayError): void {
  exchange.error = told(error)
  exchange.target ??= error.target
  // Once content has gone out, the client has had its 200.
  exchange.status = exchange.firstContentMs === undefined ? error.consequence.status : 200
}

export function endExchange(exchange: Exchange, now: number): void {
  exchange.state = 'ended'
  exchange.status ??= 200
  exchange.durationMs = now - exchange.startedAt
  const last = exchange.attempts.at(-1)
  if (last?.outcome !== 'open') return
  last.outcome = exchange.error === undefined ? 'ok' : exchange.error.kind === 'client-gone' ? 'abandoned' : 'failed'
  last.durationMs = now - last.startedAt
  if (last.outcome === 'failed') last.error = exchange.error
}

function told({ kind, message, providerStatus }: GatewayError): NonNullable<Exchange['error']> {
  return { kind, message, ...(providerStatus === undefined ? {} : { providerStatus }) }
}
