import type { StreamEvent } from '../model/event.ts'
import type { JsonObject } from '../model/json.ts'
import type { Conversation } from '../model/request.ts'
import type { Searcher } from './engine.ts'

/** How an engine reaches its service: handed in by gateway.ts, bound to one target and its credential. */
export interface Road {
  /** The model as the service is asked for it. */
  model: string
  /** No trailing slash. */
  baseUrl: string
  /** A JSON object for a JSON object; `path` is appended to the base, a URL is taken as it is. */
  json(request: JsonRequest, searcher: Searcher): Promise<JsonObject>
  /** One whole answer of the model. */
  ask(conversation: Conversation, searcher: Searcher): Promise<readonly StreamEvent[]>
}

export interface JsonRequest {
  method: 'GET' | 'POST'
  path: string | URL
  body?: JsonObject
}
