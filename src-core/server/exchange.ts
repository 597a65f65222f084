import type { ServerResponse } from 'node:http'
import type { AnswerContext, Codec } from '../codecs/codec.ts'
import { GatewayError } from '../model/error.ts'
import type { Note, RouteNote, StreamChunk, StreamEvent } from '../model/event.ts'
import type { Generate } from '../model/generate.ts'
import type { ModelRequest, Wire } from '../model/request.ts'
import type { Heartbeat, Pulse } from './heartbeat.ts'
import { routeHeaders } from './route-headers.ts'

export interface ExchangeParts {
  generate: Generate
  heartbeat: Heartbeat
  /** Milliseconds since 1970. */
  now(): number
  /** Told of failures, after redaction is possible and never with a body. */
  failed(error: GatewayError, id: string): void
}

/**
 * One client request, from its bytes to the last byte of its answer:
 * decode, generate, and write what comes as it comes. This is the one place that catches.
 */
export async function serveExchange(
  codec: Codec,
  wire: Wire,
  response: ServerResponse,
  parts: ExchangeParts,
): Promise<void> {
  const { id } = wire
  const client = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) client.abort(new GatewayError('client-gone', 'The client left.'))
  })
  let answer: Answer | undefined
  try {
    const request = codec.decodeRequest(wire)
    answer = createAnswer(codec, request, response, id, parts)
    for await (const chunk of parts.generate(request, client.signal)) await answer.take(chunk)
    await answer.end()
  } catch (thrown) {
    const error = GatewayError.from(thrown)
    if (error.kind !== 'client-gone') parts.failed(error, id)
    if (answer) await answer.fail(error)
    else refuse(codec, error, response, { 'x-patchbay-request-id': id })
  } finally {
    answer?.close()
  }
}

/** A failure before any content: its own status in the client's own words. */
export function refuse(
  codec: Codec,
  error: GatewayError,
  response: ServerResponse,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return
  const encoded = codec.encodeError(error)
  const body = Buffer.from(encoded.body)
  response.writeHead(encoded.status, { ...encoded.headers, ...headers, 'content-length': body.length })
  response.end(body)
}

interface Answer {
  take(chunk: StreamChunk): Promise<void>
  end(): Promise<void>
  fail(error: GatewayError): Promise<void>
  close(): void
}

/** Bare errors must reach the Gemini CLI in a read of their own, or it cannot parse them. */
const separateReadMs = 25

function createAnswer(
  codec: Codec,
  request: ModelRequest,
  response: ServerResponse,
  id: string,
  parts: ExchangeParts,
): Answer {
  const context: AnswerContext = { request, now: Math.floor(parts.now() / 1000), id }
  const headers: Record<string, string | number> = { 'x-patchbay-request-id': id }
  const pulse: Pulse = { lastWrite: parts.now(), beat: () => keepAlive() }
  parts.heartbeat.add(pulse)
  const writer = request.stream ? streamWriter() : wholeWriter()
  return { take, end: () => writer.end(), fail, close: () => parts.heartbeat.remove(pulse) }

  async function take(chunk: StreamChunk): Promise<void> {
    let failure: GatewayError | undefined
    for (const event of chunk.events) {
      if (event.type === 'note') readNote(event.note)
      else if (event.type === 'error') failure = event.error
    }
    await writer.take(chunk)
    if (failure) throw failure
  }

  function readNote(note: Note): void {
    if (note.type === 'routed') addRoute(note.decision)
    else if (note.type === 'attempt' && note.route) addRoute(note.route)
  }

  function addRoute(route: RouteNote): void {
    context.targetModel = route.model
    Object.assign(headers, routeHeaders(route))
  }

  function open(contentType: string, length?: number): void {
    if (response.headersSent) return
    headers['content-type'] = contentType
    if (length === undefined) headers['cache-control'] = 'no-cache'
    else headers['content-length'] = length
    response.writeHead(200, headers)
  }

  async function send(bytes: string | Buffer): Promise<void> {
    if (bytes.length === 0) return
    pulse.lastWrite = parts.now()
    if (!response.write(bytes) && !response.destroyed) await drained(response)
  }

  /** The client hears something even while the backend thinks; what, is the protocol's business. */
  function keepAlive(): void {
    if (response.destroyed || response.writableNeedDrain) return
    open(request.stream ? 'text/event-stream' : 'application/json')
    pulse.lastWrite = parts.now()
    response.write(request.stream ? codec.keepAlive : '\n')
  }

  async function fail(error: GatewayError): Promise<void> {
    if (response.destroyed || error.kind === 'client-gone') {
      response.destroy()
      return
    }
    if (!response.headersSent) {
      refuse(codec, error, response, stringHeaders(headers))
      return
    }
    const { inStream, body } = codec.encodeError(error)
    await new Promise((resolve) => setTimeout(resolve, separateReadMs))
    response.end(request.stream ? inStream : body)
  }

  /** Events become frames at once; frames of the client's own protocol pass as they are. */
  function streamWriter() {
    const encoder = codec.encodeStream(context)
    let relayed = false
    return {
      async take(chunk: StreamChunk) {
        const bytes = chunk.wire ?? encoder.write(chunk.events)
        if (chunk.wire) relayed = true
        if (bytes.length === 0) return
        open('text/event-stream')
        await send(bytes)
      },
      async end() {
        const last = relayed ? '' : encoder.end()
        open('text/event-stream')
        response.end(last)
      },
    }
  }

  /** Nothing goes out before everything is there: a late failure still has its status. */
  function wholeWriter() {
    const events: StreamEvent[] = []
    let body: Buffer | undefined
    return {
      async take(chunk: StreamChunk) {
        if (chunk.wire) body = chunk.wire
        else for (const event of chunk.events) events.push(event)
      },
      async end() {
        const bytes = body ?? codec.encodeResponse(events, context)
        open('application/json', bytes.length)
        response.end(bytes)
      },
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}

function stringHeaders(headers: Record<string, string | number>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) result[name] = String(value)
  return result
}
