import type { Note, StreamChunk } from './event.ts'
import type { Flow } from './flow.ts'
import type { ModelRequest } from './request.ts'
import type { Target } from './target.ts'

/** Who asked: gone when `signal` aborts, told at once of what happens by `note`. */
export interface Caller {
  signal: AbortSignal
  note(note: Note): void
}

/**
 * An answer that has begun: `first` brings its first content, so from here on nothing is retried. `rest` stands
 * still until it is let into a sink, and a failure ends it; cancelling it ends everything. A whole answer has none.
 */
export interface ModelAnswer {
  first: StreamChunk
  rest?: Flow<StreamChunk>
}

/** One shape for everything that answers. A failure before the first content rejects, as a GatewayError. */
export type Generate = (request: ModelRequest, caller: Caller) => Promise<ModelAnswer>
export type CallTarget = (target: Target, request: ModelRequest, caller: Caller) => Promise<ModelAnswer>
