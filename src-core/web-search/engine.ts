import type { Usage } from '../model/event.ts'
import type { Wire } from '../model/request.ts'
import type { SearchNote } from '../model/search-note.ts'

export const recencies = ['oneDay', 'oneWeek', 'oneMonth', 'oneYear', 'noLimit'] as const
export type Recency = (typeof recencies)[number]

export interface SearchQuery {
  query: string
  /** The id of an engine; unknown or missing: the default one, else the first. */
  engine?: string
  recency?: Recency
  /** How many hits are wished for. */
  count?: number
}

/** One page found. Text is plain, bounded, and untrusted: whoever wrote the page wrote it. */
export interface SearchHit {
  title: string
  /** Always http or https. */
  url: string
  snippet: string
  source?: string
  date?: string
}

export interface EngineAnswer {
  /** What the engine says itself; empty when it only lists pages. */
  summary: string
  hits: SearchHit[]
  /** What a model took to search; services that are no models count nothing. */
  usage?: Usage
}

export interface SearchResult extends Omit<EngineAnswer, 'usage'> {
  engine: string
  query: string
}

/** Who searches: gone when `signal` aborts. `wire`: the client's request, for providers that forward the caller's own key. */
export interface Searcher {
  signal: AbortSignal
  wire?: Wire
}

/** One engine. Rejects with a GatewayError. */
export type SearchEngine = (query: SearchQuery, searcher: Searcher) => Promise<EngineAnswer>

export type SearchOutcome = { note: SearchNote } & ({ result: SearchResult } | { failed: string })

/**
 * Asks one engine after the other. Rejects only when the caller's signal aborts: that every engine failed is an outcome,
 * `failed` says so in a sentence the model can read.
 */
export type Search = (query: SearchQuery, searcher: Searcher) => Promise<SearchOutcome>

/** An engine as the tool's description and the loop see it. */
export interface EngineView {
  id: string
  description?: string
  isDefault: boolean
  /** Searches with it in one client request. */
  maxUses?: number
}

/** An engine as the window sees it. */
export interface EngineState extends EngineView {
  /** The target or the service that searches. */
  at: string
  /** Why it cannot be asked: a sentence without its full stop. */
  closed?: string
  /** Its secret was not there when it was last wanted, in words. */
  noCredential?: string
  /** After failures, until then: it is asked last. */
  resting?: { until: number; because: string }
}
