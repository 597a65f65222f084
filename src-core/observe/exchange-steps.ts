import { type Decision, figures } from '../model/decision.ts'
import type { GatewayError } from '../model/error.ts'
import type { Note } from '../model/event.ts'
import type { ModelRequest } from '../model/request.ts'
import type { Exchange } from './exchange-record.ts'

/** What each thing that happens does to a record. */

/** With every field it will ever have: one that grows changes its shape at each step, and there is one a request. */
export function startExchange(request: ModelRequest, now: number): Exchange {
  return {
    id: request.wire.id,
    startedAt: now,
    state: 'open',
    protocol: request.protocol,
    clientKey: request.wire.clientKey,
    clientModel: request.model,
    stream: request.stream,
    requestBytes: request.traits.bytes,
    relayedBytes: 0,
    route: undefined,
    because: [],
    target: undefined,
    model: undefined,
    context: undefined,
    decision: undefined,
    attempts: [],
    skipped: [],
    dropped: [],
    status: undefined,
    error: undefined,
    finishReason: undefined,
    usage: undefined,
    firstContentMs: undefined,
    durationMs: undefined,
  }
}

type Step<Type extends Note['type']> = Extract<Note, { type: Type }>

/** Candidates and skipped targets a record keeps of each: enough to understand, little enough to keep 500 of. */
const mostKept = 20

export function decided(exchange: Exchange, decision: Decision | undefined): void {
  if (!decision || exchange.decision) return
  const { order, skipped } = decision
  const leftOut = { order: Math.max(0, order.length - mostKept), skipped: Math.max(0, skipped.length - mostKept) }
  if (leftOut.order + leftOut.skipped === 0) {
    exchange.decision = decision
    return
  }
  exchange.decision = { ...decision, order: order.slice(0, mostKept), skipped: skipped.slice(0, mostKept) }
  exchange.leftOut = leftOut
}

export function attemptStarted(exchange: Exchange, { target, attempt, route }: Step<'attempt'>, now: number): void {
  decided(exchange, route?.decision)
  exchange.target = target
  exchange.attempts.push({ target, attempt, startedAt: now, outcome: 'open' })
}

export function attemptFailed(exchange: Exchange, note: Step<'attempt-failed'>, now: number): void {
  const { target, attempt, error, waitMs } = note
  const record = exchange.attempts.at(-1)
  if (record?.outcome !== 'open' || record.target !== target) return
  Object.assign(record, { attempt, outcome: 'failed', durationMs: now - record.startedAt, error: told(error), waitMs })
}

export function skipped(exchange: Exchange, { target, error }: Step<'skipped'>): void {
  exchange.skipped.push({ target, kind: error.kind, because: error.message })
}

export function routed(exchange: Exchange, { decision }: Step<'routed'>): void {
  exchange.route = decision.route
  exchange.because = decision.because
  exchange.target = decision.target
  exchange.model = decision.model
  exchange.context = { tier: decision.context, ratio: decision.ratio }
  decided(exchange, decision.decision)
}

export function searchOffered(exchange: Exchange, because: string): void {
  exchange.webSearch ??= { because, searches: [] }
}

/** Bounded, since a client may be allowed a thousand searches and ask for whole pages of text. */
const longestQuery = 200

export function searched(exchange: Exchange, { search }: Step<'searched'>): void {
  const { searches } = exchange.webSearch!
  if (searches.length < mostKept)
    searches.push({ ...search, query: search.query.slice(0, longestQuery).toWellFormed() })
}

export function firstContent(exchange: Exchange, now: number): void {
  exchange.firstContentMs = now - exchange.startedAt
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
  settle(exchange)
  const last = exchange.attempts.at(-1)
  if (last?.outcome !== 'open') return
  last.outcome = exchange.error === undefined ? 'ok' : exchange.error.kind === 'client-gone' ? 'abandoned' : 'failed'
  last.durationMs = now - last.startedAt
  if (last.outcome === 'failed') last.error = exchange.error
}

/** From here on the record keeps what was decided and nothing of the request itself. */
function settle(exchange: Exchange): void {
  if (!exchange.decision) return
  const { route, because, traits, estimate, order, skipped } = exchange.decision
  exchange.decision = { route, because, traits, estimate: figures(estimate), order, skipped }
}

function told({ kind, message, providerStatus }: GatewayError): NonNullable<Exchange['error']> {
  return { kind, message, ...(providerStatus === undefined ? {} : { providerStatus }) }
}
