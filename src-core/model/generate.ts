import type { StreamChunk } from './event.ts'
import type { ModelRequest } from './request.ts'
import type { Target } from './target.ts'

/**
 * One shape for everything that answers: chunks are pulled, so a slow client slows the provider and a
 * client that leaves ends everything by returning the generator. A failure before the first content is
 * thrown as a GatewayError; after it, it is the last event.
 */
export type Generate = (request: ModelRequest, signal: AbortSignal) => AsyncIterable<StreamChunk>
export type CallTarget = (target: Target, request: ModelRequest, signal: AbortSignal) => AsyncIterable<StreamChunk>
