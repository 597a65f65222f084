import { type Explanation, explain } from '../model/decision.ts'
import type { SearchNote } from '../model/search-note.ts'
import type { AttemptRecord, Exchange } from './exchange-record.ts'

/** A record as one line of a list. */
export type ExchangeSummary = Omit<
  Exchange,
  'attempts' | 'skipped' | 'dropped' | 'decision' | 'leftOut' | 'webSearch'
> & {
  /** Calls to targets. */
  calls: number
  /** Web searches; left out where there was none. */
  searches?: number
  estimatedTokens?: number
}

/** The whole of a record as plain JSON: what is shown, and what is written to disk. */
export type ExchangeView = ExchangeSummary &
  Pick<Exchange, 'skipped' | 'dropped' | 'leftOut' | 'webSearch'> & {
    attempts: AttemptRecord[]
    /** What the router weighed, in the shape explainRoute answers. */
    explanation?: Explanation
  }

export function summarize(exchange: Exchange, redact: (text: string) => string): ExchangeSummary {
  const { decision, error, attempts, skipped, dropped, leftOut, webSearch, ...rest } = exchange
  return {
    ...rest,
    // until an answer has begun it is the one that is being tried
    route: exchange.route ?? decision?.route,
    clientModel: redact(exchange.clientModel),
    error: error && { ...error, message: redact(error.message) },
    calls: attempts.length,
    searches: webSearch?.searches.length || undefined,
    estimatedTokens: decision?.estimate.tokens,
  }
}

/** A record with every free text passed through `redact`; names of targets and routes are the config's own. */
export function viewExchange(exchange: Exchange, redact: (text: string) => string): ExchangeView {
  const { decision, attempts, skipped, dropped, leftOut, webSearch } = exchange
  return {
    ...summarize(exchange, redact),
    attempts: attempts.map(({ error, ...attempt }) =>
      error ? { ...attempt, error: { ...error, message: redact(error.message) } } : attempt,
    ),
    skipped: skipped.map((one) => ({ ...one, because: redact(one.because) })),
    dropped: dropped.map((one) => ({ ...one, because: redact(one.because) })),
    explanation: decision && explain(decision),
    leftOut,
    webSearch: webSearch && { ...webSearch, searches: webSearch.searches.map((search) => viewSearch(search, redact)) },
  }
}

/** What was searched for is the user's own text, and engines may repeat it in their failures. */
function viewSearch(search: SearchNote, redact: (text: string) => string): SearchNote {
  const tries = search.tries.map((one) =>
    one.failure ? { ...one, failure: { ...one.failure, message: redact(one.failure.message) } } : one,
  )
  return { ...search, query: redact(search.query), tries }
}

export function summaryOf(view: ExchangeView): ExchangeSummary {
  const { attempts, skipped, dropped, leftOut, webSearch, explanation, ...summary } = view
  return summary
}
