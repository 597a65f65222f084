import { type Explanation, explain } from '../model/decision.ts'
import type { AttemptRecord, Exchange } from './exchange-record.ts'

/** A record as one line of a list. */
export type ExchangeSummary = Omit<Exchange, 'attempts' | 'skipped' | 'dropped' | 'decision' | 'leftOut'> & {
  /** Calls to targets. */
  calls: number
  estimatedTokens?: number
}

/** The whole of a record as plain JSON: what is shown, and what is written to disk. */
export type ExchangeView = ExchangeSummary &
  Pick<Exchange, 'skipped' | 'dropped' | 'leftOut'> & {
    attempts: AttemptRecord[]
    /** What the router weighed, in the shape explainRoute answers. */
    explanation?: Explanation
  }

export function summarize(exchange: Exchange, redact: (text: string) => string): ExchangeSummary {
  const { decision, error, attempts, skipped, dropped, leftOut, ...rest } = exchange
  return {
    ...rest,
    // until an answer has begun it is the one that is being tried
    route: exchange.route ?? decision?.route,
    clientModel: redact(exchange.clientModel),
    error: error && { ...error, message: redact(error.message) },
    calls: attempts.length,
    estimatedTokens: decision?.estimate.tokens,
  }
}

/** A record with every free text passed through `redact`; names of targets and routes are the config's own. */
export function viewExchange(exchange: Exchange, redact: (text: string) => string): ExchangeView {
  const { decision, attempts, skipped, dropped, leftOut } = exchange
  return {
    ...summarize(exchange, redact),
    attempts: attempts.map(({ error, ...attempt }) =>
      error ? { ...attempt, error: { ...error, message: redact(error.message) } } : attempt,
    ),
    skipped: skipped.map((one) => ({ ...one, because: redact(one.because) })),
    dropped: dropped.map((one) => ({ ...one, because: redact(one.because) })),
    explanation: decision && explain(decision),
    leftOut,
  }
}

export function summaryOf(view: ExchangeView): ExchangeSummary {
  const { attempts, skipped, dropped, leftOut, explanation, ...summary } = view
  return summary
}
