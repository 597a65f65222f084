import type { Decision } from './decision.ts'
import type { GatewayError } from './error.ts'
import type { JsonObject } from './json.ts'
import type { Signature } from './request.ts'
import type { SearchNote } from './search-note.ts'

/** What a model's answer is made of, whatever protocol it came in. `choice` is 0 unless the client asked for several. */
export type StreamEvent =
  // lifecycle
  | { type: 'response-start'; id: string; model: string; created?: number }
  | { type: 'response-end'; reason: FinishReason; choice?: number }
  | { type: 'error'; error: GatewayError }
  // content
  | { type: 'text-delta'; text: string; choice?: number; signature?: Signature }
  | { type: 'reasoning-delta'; text: string; choice?: number; signature?: Signature }
  | { type: 'refusal-delta'; text: string; choice?: number }
  /** A whole call: arguments are parsed only once they are complete. */
  | { type: 'tool-call'; id: string; name: string; args: JsonObject; choice?: number; signature?: Signature }
  | { type: 'media'; mimeType: string; data: string; choice?: number }
  | { type: 'grounding'; grounding: Grounding; choice?: number }
  | { type: 'logprobs'; tokens: TokenLogprob[]; choice?: number }
  // accounting
  | { type: 'usage'; usage: Usage }

/**
 * What one read from the provider brought. `wire` holds the provider's own complete frames for these
 * events: a client of the same protocol is given those bytes, and `events` then names only what the
 * gateway must know (start, first content, usage, end, error), not every delta.
 */
export interface StreamChunk {
  events: readonly StreamEvent[]
  wire?: Buffer
}

/** The field's unified reason, and the provider's own word beside it. */
export interface FinishReason {
  unified: 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'malformed-call' | 'other'
  raw?: string
  /** The provider's own explanation, if it gave one. */
  message?: string
}

/** Token counts. `inputTokens` includes cached ones, `outputTokens` excludes reasoning. */
export interface Usage {
  inputTokens: number
  cachedInputTokens?: number
  outputTokens: number
  reasoningTokens?: number
  totalTokens: number
}

/** Where an answer's claims come from. Offsets are UTF-8 bytes into the answer's text part. */
export interface Grounding {
  queries: string[]
  sources: { url: string; title?: string }[]
  supports: { startByte: number; endByte: number; text?: string; sourceIndexes: number[]; partIndex?: number }[]
  /** As the provider sent it, for a client of the same protocol. */
  raw?: JsonObject
}

export interface TokenLogprob {
  token: string
  logprob: number
  bytes?: number[]
  top?: { token: string; logprob: number; bytes?: number[] }[]
}

/** What happens to a request, told to its caller at once: for the record, and for the headers of the answer. */
export type Note =
  /** Nobody may take the request: why, before the refusal is thrown. */
  | { type: 'decided'; decision: Decision }
  | { type: 'routed'; decision: RouteNote }
  /**
   * A call to a target, told by whoever makes it. `attempt` counts the calls to that target in this request;
   * `route`, added by the router, is what will be true if it answers.
   */
  | { type: 'attempt'; target: string; attempt: number; route?: RouteNote }
  | { type: 'attempt-failed'; target: string; attempt: number; error: GatewayError; waitMs?: number }
  /** A target that was chosen but not called. */
  | { type: 'skipped'; target: string; error: GatewayError }
  | { type: 'dropped'; what: string; because: string }
  /** The model is given web_search, and why. */
  | { type: 'search-offered'; because: string }
  | { type: 'searched'; search: SearchNote }

export interface RouteNote {
  route: string
  because: string[]
  target: string
  /** The model as the provider is asked for it. */
  model: string
  attempts: number
  /** Estimate ÷ window; undefined when the window is unknown. */
  ratio?: number
  context: 'safe' | 'risky' | 'overflow' | 'unknown'
  /** All that was weighed, by reference. */
  decision?: Decision
}

/** Told of the target before it is asked, by what answers without a stream of notes. */
export type Routed = (note: RouteNote) => void

/** Events a reader of the answer would call content: after one, nothing may be retried. */
export function isContent(event: StreamEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
      return event.text !== ''
    case 'tool-call':
    case 'media':
    case 'response-end':
      return true
    default:
      return false
  }
}
