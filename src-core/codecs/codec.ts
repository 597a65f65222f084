import type { GatewayError } from '../model/error.ts'
import type { Note, StreamChunk, StreamEvent } from '../model/event.ts'
import type { ModelRequest, Protocol, Wire } from '../model/request.ts'
import type { Target } from '../model/target.ts'

/**
 * One protocol family, both directions. A codec knows its wire and the model, no provider, no routing.
 * Strict to nothing on the way in but what would make the request meaningless; unknown fields survive
 * wherever the other side speaks the same protocol.
 */
export interface Codec {
  protocol: Protocol

  // from a client
  /** Finds model, stream and traits; leaves the conversation undecoded. Throws `bad-request`. */
  decodeRequest(wire: Wire): ModelRequest
  /** Writes an answer's events as this protocol's stream. */
  encodeStream(context: AnswerContext): StreamEncoder
  /** Writes all events of a whole answer as one JSON body. */
  encodeResponse(events: Iterable<StreamEvent>, context: AnswerContext): Buffer
  /** A refusal or failure before any content, in this protocol's own shape. */
  encodeError(error: GatewayError): EncodedError
  /** Bytes a waiting client of a stream does not notice. */
  keepAlive: string
  /** Clients of this protocol drop a request that has no headers after a minute. */
  impatientClients: boolean

  // to a provider
  /**
   * The request in this protocol's words for this target. `relayed` requests keep the client's bytes but for the model's
   * name, and are there at once.
   */
  encodeRequest(request: ModelRequest, target: Target): EncodedRequest | Promise<EncodedRequest>
  /** A reader of the answer's stream. With `relay`, frames keep their bytes in `wire`; an error frame is never part of it. */
  decodeStream(context: DecodeContext): StreamDecoder
  /** A whole JSON answer as one chunk. Throws `stream-broken` when it is not this protocol. */
  decodeResponse(body: Buffer, context: DecodeContext): StreamChunk
}

export interface DecodeContext {
  target: Target
  request: ModelRequest
  /** Client and provider speak the same protocol and nothing was changed: keep the frames. */
  relay: boolean
  /** Tool names as the provider knows them -> as the client knows them (made by encodeRequest). */
  toolNames: ReadonlyMap<string, string>
  /** Told of what the answer loses. */
  note(note: Note): void
}

export interface EncodedRequest {
  /** Appended to the base URL, for example `/models/NAME:generateContent`. */
  path: string
  body: Buffer
  /** True when `body` is the client's own, so the answer may be relayed too. */
  relayed: boolean
  /** Tool names as sent -> as the client knows them; empty when none had to change. */
  toolNames: ReadonlyMap<string, string>
  /** What could not be carried over, for the exchange record. */
  dropped: { what: string; because: string }[]
}

export interface AnswerContext {
  request: ModelRequest
  /** The backend's model, once it is known: shown where the protocol names the model that answered. */
  targetModel?: string
  /** Unix seconds. */
  now: number
  /** Unique id for the answer, letters and digits. */
  id: string
}

/** Stateful reader of one stream: the same events however it is cut into reads. Undefined where there is nothing to say. */
export interface StreamDecoder {
  push(read: Buffer): StreamChunk | undefined
  /** After the last read. */
  end(): StreamChunk | undefined
  /** Nothing that follows counts: the end was told, or a failure. */
  done(): boolean
}

/** Stateful writer of one stream. Every method returns the text to send; '' sends nothing. */
export interface StreamEncoder {
  write(events: readonly StreamEvent[]): string
  /** After the last event. */
  end(): string
}

export interface EncodedError {
  status: number
  headers: Record<string, string>
  body: string
  /** The same failure after content has gone out; written as a chunk of its own. */
  inStream: string
}
