import type { ServerResponse } from 'node:http'
import type { AnswerContext, Codec } from '../codecs/codec.ts'
import type { GatewayError } from '../model/error.ts'
import type { Note, RouteNote, StreamChunk, StreamEvent } from '../model/event.ts'
import type { ModelRequest } from '../model/request.ts'
import type { Heartbeat, Pulse } from './heartbeat.ts'
import { refuse } from './refuse.ts'
import { routeHeaders } from './route-headers.ts'

/** What goes to one client. Headers leave with the first byte, so that until then a failure keeps its own status. */
export interface Answer {
  note(note: Note): void
  /** A promise only where the client has to catch up first. */
  take(chunk: StreamChunk): Promise<void> | undefined
  end(): void
  fail(error: GatewayError): Promise<void>
  close(): void
}

export interface AnswerParts {
  heartbeat: Heartbeat
  /** Milliseconds since 1970. */
  now(): number
}

/** Bare errors must reach the Gemini CLI in a read of their own, or it cannot parse them. */
const separateReadMs = 25

/** A whole answer gives up its own status for an early start only when the client would soon give up (at 60 s). */
const wholePatienceMs = 40_000

export function createAnswer(
  codec: Codec,
  request: ModelRequest,
  response: ServerResponse,
  parts: AnswerParts,
): Answer {
  const { id } = request.wire
  const started = parts.now()
  const context: AnswerContext = { request, now: Math.floor(started / 1000), id }
  let route: RouteNote | undefined
  const pulse: Pulse = { place: -1, lastWrite: started, beat: () => keepAlive() }
  parts.heartbeat.add(pulse)
  const writer = request.stream ? streamWriter() : wholeWriter()
  const { take, end } = writer
  return { note, take, end, fail, close: () => parts.heartbeat.remove(pulse) }

  function note(told: Note): void {
    if (told.type === 'routed') route = told.decision
    else if (told.type === 'attempt') route = told.route ?? route
    context.targetModel = route?.model
  }

  function open(contentType: string, length?: number): void {
    if (response.headersSent) return
    const headers: Record<string, string | number> = ownHeaders()
    headers['content-type'] = contentType
    if (length === undefined) headers['cache-control'] = 'no-cache'
    else headers['content-length'] = length
    response.writeHead(200, headers)
  }

  /** They leave with the first byte, so they tell of the route that is the answer's by then. */
  function ownHeaders(): Record<string, string> {
    const headers = route ? routeHeaders(route) : {}
    headers['x-patchbay-request-id'] = id
    return headers
  }

  function send(bytes: string | Buffer): Promise<void> | undefined {
    pulse.lastWrite = parts.now()
    return response.write(bytes) || response.destroyed ? undefined : drained(response)
  }

  /** The client hears something even while the backend thinks; what, is the protocol's business. */
  function keepAlive(): void {
    if (response.destroyed || response.writableNeedDrain) return
    const now = parts.now()
    if (!request.stream && (!codec.impatientClients || now - started < wholePatienceMs)) return
    open(request.stream ? 'text/event-stream' : 'application/json')
    pulse.lastWrite = now
    response.write(request.stream ? codec.keepAlive : '\n')
  }

  async function fail(error: GatewayError): Promise<void> {
    if (response.destroyed || error.kind === 'client-gone') {
      response.destroy()
      return
    }
    if (!response.headersSent) {
      refuse(codec, error, response, ownHeaders())
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
      take(chunk: StreamChunk) {
        const bytes = chunk.wire ?? encoder.write(chunk.events)
        if (chunk.wire) relayed = true
        if (bytes.length === 0) return undefined
        open('text/event-stream')
        return send(bytes)
      },
      end() {
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
      take(chunk: StreamChunk): undefined {
        if (chunk.wire) body = chunk.wire
        else for (const event of chunk.events) events.push(event)
      },
      end() {
        const bytes = body ?? codec.encodeResponse(events, context)
        open('application/json', bytes.length)
        // Answers that come in one turn of the event loop leave together: whoever reads them is woken once.
        if (parts.heartbeat.open > 1) setImmediate(() => endWith(response, bytes))
        else endWith(response, bytes)
      },
    }
  }
}

/** A short body leaves in one piece with its headers; as text, which is how Node joins the two. */
const shortBytes = 16 * 1024

function endWith(response: ServerResponse, bytes: Buffer): void {
  if (bytes.length > shortBytes) response.end(bytes)
  else response.end(bytes.toString('latin1'), 'latin1')
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
