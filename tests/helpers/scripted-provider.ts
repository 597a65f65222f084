import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'

/** What a scripted provider sends for one request: exact bytes, cut and timed as wished. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  /** The body as it is; SSE gets its content type by itself. */
  sse?: string | Buffer
  text?: string
  /** Silence before the status line. */
  delayMs?: number
  /** Status and headers at once, then silence before the first body byte. */
  firstByteMs?: number
  /** Slices of this many bytes, or slices that end at these positions. */
  split?: number | number[]
  /** Pause between slices. */
  gapMs?: number
  /** After so many body bytes nothing comes until this resolves. */
  hold?: { at: number; until: Promise<void> }
  /** Break off: before the headers, or after so many body bytes. `close` ends the socket without a proper end. */
  cut?: { at: 'headers' | number; how: 'close' | 'reset' | 'hang' }
}

export interface ProviderRequest {
  method: string
  /** Path and query. */
  path: string
  headers: http.IncomingHttpHeaders
  /** Names and values as they were sent, in order. */
  rawHeaders: string[]
  body: string
  /** The body as JSON; undefined when it is not JSON. */
  json: unknown
  at: number
  aborted: boolean
  /** When the other side left before the answer was whole. */
  abortedAt?: number
}

export type Script = Answer | ((request: ProviderRequest) => Answer | Promise<Answer>)

/** Looks at a request before the script does, as a service's front door would: an answer is a refusal. */
export type Gate = (request: ProviderRequest) => Answer | undefined

export interface ScriptedProvider {
  /** Without a path: `http://127.0.0.1:PORT`. */
  url: string
  port: number
  requests: ProviderRequest[]
  /** Answers from here on. */
  reply(script: Script): void
  /** Answers for the next requests, one each, before the standing script. */
  replyOnce(...scripts: Script[]): void
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A provider over a real socket that says exactly what a test tells it to and remembers what it was asked. */
export async function startScriptedProvider(script: Script, gate?: Gate): Promise<ScriptedProvider> {
  const requests: ProviderRequest[] = []
  const queued: Script[] = []
  let standing = script

  const server = http.createServer((incoming, outgoing) => {
    answerOne(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error))
  })
  server.requestTimeout = 0
  server.timeout = 0

  async function answerOne(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const request = await record(incoming)
    requests.push(request)
    outgoing.on('close', () => {
      if (outgoing.writableFinished) return
      request.aborted = true
      request.abortedAt = Date.now()
    })
    const refusal = gate?.(request)
    if (refusal) return play(refusal, outgoing)
    const next = queued.shift() ?? standing
    await play(typeof next === 'function' ? await next(request) : next, outgoing)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    reply: (next) => {
      standing = next
    },
    replyOnce: (...scripts) => {
      queued.push(...scripts)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function record(incoming: http.IncomingMessage): Promise<ProviderRequest> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  const body = Buffer.concat(pieces).toString('utf8')
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    json: parseJson(body),
    at: Date.now(),
    aborted: false,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // recorded as it came; a test that wants JSON will notice
  }
}

async function play(answer: Answer, outgoing: http.ServerResponse): Promise<void> {
  if (answer.delayMs) await wait(answer.delayMs)
  if (answer.cut?.at === 'headers') return breakOff(outgoing, answer.cut.how)
  const body = bodyOf(answer)
  outgoing.writeHead(answer.status ?? 200, { 'content-type': contentType(answer), ...answer.headers })
  outgoing.socket?.setNoDelay(true)
  outgoing.flushHeaders()
  if (answer.firstByteMs) await wait(answer.firstByteMs)

  const until = answer.cut ? Math.min(answer.cut.at as number, body.length) : body.length
  const held = Math.min(answer.hold?.at ?? 0, until)
  if (answer.hold) {
    outgoing.write(body.subarray(0, held))
    await answer.hold.until
  }
  for (const slice of slices(body.subarray(held, until), answer.split)) {
    if (outgoing.destroyed) return
    if (!outgoing.write(slice)) await drained(outgoing)
    if (answer.gapMs) await wait(answer.gapMs)
    else if (answer.split) await nextTurn()
  }
  if (!answer.cut) return void outgoing.end()
  // what was written must have left before the socket breaks
  await new Promise<void>((resolve) => (outgoing.destroyed ? resolve() : outgoing.write('', () => resolve())))
  await wait(20)
  breakOff(outgoing, answer.cut.how)
}

function breakOff(outgoing: http.ServerResponse, how: 'close' | 'reset' | 'hang'): void {
  if (how === 'hang') return
  if (how === 'reset') outgoing.socket?.resetAndDestroy()
  else outgoing.socket?.end()
}

function drained(outgoing: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve)
    outgoing.once('close', resolve)
  })
}

function bodyOf(answer: Answer): Buffer {
  if (answer.json !== undefined) return Buffer.from(JSON.stringify(answer.json))
  return Buffer.from(answer.sse ?? answer.text ?? '')
}

function contentType(answer: Answer): string {
  if (answer.sse !== undefined) return 'text/event-stream'
  return answer.json === undefined ? 'text/plain; charset=utf-8' : 'application/json'
}

function* slices(body: Buffer, split: number | number[] | undefined): Generator<Buffer> {
  if (split === undefined) {
    if (body.length > 0) yield body
    return
  }
  const ends = typeof split === 'number' ? everyNth(split, body.length) : [...split, body.length]
  let from = 0
  for (const end of ends) {
    const to = Math.min(end, body.length)
    if (to > from) yield body.subarray(from, to)
    from = Math.max(from, to)
  }
}

function everyNth(size: number, length: number): number[] {
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => (index + 1) * size)
}

/** It as a provider of a config: OpenAI's protocol, no key, one model named `m`. */
export const openaiProvider = ({ url }: ScriptedProvider) => ({
  type: 'openai',
  baseUrl: `${url}/v1`,
  auth: { type: 'none' },
  models: { m: {} },
  discovery: 'off',
})
