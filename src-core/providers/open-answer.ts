import type { Codec, DecodeContext } from '../codecs/codec.ts'
import { GatewayError } from '../model/error.ts'
import { isContent, type StreamChunk } from '../model/event.ts'
import { isObject } from '../model/json.ts'
import { judgeFailure } from './failure.ts'
import { readBody } from './read-body.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import type { TransportResponse } from './transport.ts'

/** An answer whose first content is there: from here on nothing is retried. */
export interface OpenAnswer {
  first: StreamChunk
  /** What follows; nothing after a whole JSON body. */
  rest?: AsyncIterator<StreamChunk>
  /** Gives the connection back, or closes it when there was more to come. */
  close(): void
}

export interface AnswerSource {
  response: TransportResponse
  codec: Codec
  context: DecodeContext
  provider: ResolvedProvider
  now: number
}

const answerLimit = 256 * 1024 * 1024

/** Reads a 2xx answer up to its first content. Whatever is a failure in spite of its status is thrown as one. */
export async function openAnswer(source: AnswerSource): Promise<OpenAnswer> {
  const { body } = source.response
  try {
    const form = formOf(source)
    return form === 'stream' ? await openStream(source) : await openJson(source)
  } catch (thrown) {
    body.cancel()
    throw thrown
  }
}

function formOf({ response, context, provider }: AnswerSource): 'stream' | 'json' {
  const type = String(response.headers['content-type'] ?? '').toLowerCase()
  if (type.includes('text/html')) throw webPage(provider)
  if (type.includes('event-stream')) return 'stream'
  if (type.includes('json') && !type.includes('ndjson')) return 'json'
  // Some servers name no type, or the wrong one: then what was asked for is what comes.
  return context.request.stream ? 'stream' : 'json'
}

async function openJson(source: AnswerSource): Promise<OpenAnswer> {
  const { response, codec, provider } = source
  const body = await readBody(response.body, answerLimit)
  const start = firstByte(body)
  if (start === undefined) throw nothing(provider)
  if (start === '<') throw webPage(provider)
  // A stream was asked for and a body came: its bytes are not what the client can read.
  const context = relayIf(source.context, !source.context.request.stream)
  const chunk = codec.decodeResponse(body, context)
  for (const event of chunk.events) {
    if (event.type === 'error') throw verdict(event.error, source, body.toString('utf8'))
  }
  const first = context.relay && chunk.wire === undefined ? { ...chunk, wire: body } : chunk
  return { first, close: () => {} }
}

async function openStream(source: AnswerSource): Promise<OpenAnswer> {
  const { response, codec, provider } = source
  const context = relayIf(source.context, source.context.request.stream)
  const rest = codec.decodeStream(response.body, context)[Symbol.asyncIterator]()
  const held: StreamChunk[] = []
  for (;;) {
    const { value: chunk, done } = await rest.next()
    if (done) throw held.length === 0 ? nothing(provider) : noContent(provider)
    held.push(chunk)
    for (const event of chunk.events) {
      if (event.type === 'error') throw verdict(event.error, source)
      if (isContent(event)) return { first: joined(held), rest, close: () => response.body.cancel() }
    }
  }
}

/** The judgement on a failure inside a 2xx: what the service sent is in the error's cause. */
export function verdict(error: GatewayError, source: AnswerSource, body?: string): GatewayError {
  const sent = body ?? (isJson(error.cause) ? JSON.stringify(error.cause) : undefined)
  if (sent === undefined) return error
  const { response, provider, context, now } = source
  const { status, headers } = response
  return judgeFailure({ status, headers, body: sent, provider, target: context.target, now })
}

const isJson = (cause: unknown): boolean =>
  typeof cause === 'string' || Array.isArray(cause) || (isObject(cause) && !(cause instanceof Error))

const relayIf = (context: DecodeContext, same: boolean): DecodeContext =>
  context.relay && !same ? { ...context, relay: false } : context

function joined(chunks: StreamChunk[]): StreamChunk {
  if (chunks.length === 1) return chunks[0]!
  const wires = chunks.flatMap(({ wire }) => wire ?? [])
  const events = chunks.flatMap((chunk) => chunk.events)
  return wires.length === 0 ? { events } : { events, wire: Buffer.concat(wires) }
}

function firstByte(body: Buffer): string | undefined {
  const start = body.subarray(0, 1024).toString('latin1').trimStart()
  return start === '' ? undefined : start.charAt(0)
}

const webPage = ({ id }: ResolvedProvider): GatewayError =>
  new GatewayError('provider-error', `${id} answered with a web page instead of JSON. Is its baseUrl right?`)

const nothing = ({ id }: ResolvedProvider): GatewayError =>
  new GatewayError('provider-error', `${id} answered with nothing: the status was good and the body empty.`)

const noContent = ({ id }: ResolvedProvider): GatewayError =>
  new GatewayError('provider-error', `${id} ended its answer before saying anything.`)
