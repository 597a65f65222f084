import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Codec } from '../codecs/codec.ts'
import { readBody } from '../http/body.ts'
import { answerNotHttp } from '../http/not-http.ts'
import { isUnread, turnAway } from '../http/turn-away.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { Routed } from '../model/event.ts'
import type { JsonObject } from '../model/json.ts'
import type { Protocol, Wire } from '../model/request.ts'
import type { ListedModel } from '../model/target.ts'
import { answerCodeAssist, type CodeAssistRelay, type Relayed } from './code-assist.ts'
import { type ExchangeParts, serveExchange } from './exchange.ts'
import type { Admitted, Guard } from './guard.ts'
import { type ListDialect, listDialect, modelEntry, modelList } from './model-lists.ts'
import { dialectOf, matchPath, type Operation } from './paths.ts'
import { refuse } from './refuse.ts'
import { routeHeaders } from './route-headers.ts'

export interface ServerParts extends ExchangeParts {
  guard: Guard
  /** Unique per client request, letters and digits. */
  nextId(): string
  codecs: Partial<Record<Protocol, Codec>>
  /** How a refusal is worded, also in protocols that are not spoken yet. */
  refusals: Record<Protocol, Pick<Codec, 'encodeError'>>
  bodyLimitBytes(): number
  models(): readonly ListedModel[]
  /** A model by any name a request may give it; undefined when none goes by it. */
  model(name: string): ListedModel | undefined
  /** `routed` is told of the target before it is asked. */
  countTokens(wire: Wire, routed: Routed, signal: AbortSignal): Promise<JsonObject>
  embed(wire: Wire, routed: Routed, signal: AbortSignal): Promise<JsonObject | Buffer>
  /** Who answers the CLI's start-up calls on its Code Assist road; undefined: we do. */
  codeAssist(headers: Wire['headers']): CodeAssistRelay | undefined
  /** Whether clients are turned away for now. */
  paused(): boolean
  /** undefined: ready; else what is missing, in words. */
  notReady(): string | undefined
  metrics(): string
}

/** The data port: every path of the contract, on plain node:http. */
export function createServer(parts: ServerParts): Server {
  const server = http.createServer(
    {
      noDelay: true,
      keepAliveTimeout: 75_000,
      headersTimeout: 20_000,
      requestTimeout: 300_000,
      maxHeaderSize: 32 * 1024,
    },
    (message, response) => {
      void serve(message, response, parts)
    },
  )
  // A client that takes nothing for so long is gone. While it waits for a backend, the silence is ours: see `serve`.
  server.timeout = 180_000
  server.on('clientError', answerNotHttp)
  return server
}

async function serve(message: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const url = message.url ?? '/'
  response.on('timeout', () => {
    if (response.headersSent) response.destroy()
  })
  try {
    parts.guard.checkAddress(message.headers)
    const page = parts.guard.pageHeaders(message.headers)
    if (page) setHeaders(response, page)
    if (page && message.method === 'OPTIONS') return void response.writeHead(204).end()
    const admitted = isOperations(url)
      ? { path: url, headers: message.headers }
      : parts.guard.takeKey(url, message.headers)
    const path = withoutQuery(admitted.path)
    const operation = matchPath(message.method === 'HEAD' ? 'GET' : (message.method ?? 'GET'), path)
    if (!operation)
      throw new GatewayError(
        'not-found',
        `Patchbay has no ${message.method} ${path.slice(0, 200)}. The README lists the paths it answers.`,
      )
    if (isWork(operation) && parts.paused()) throw new GatewayError('paused', pausedWords)
    await perform(operation, admitted, message, response, parts)
  } catch (thrown) {
    const error = GatewayError.from(thrown)
    if (error.kind === 'internal') parts.failed(error, '')
    if (error.kind === 'client-gone') return void response.destroy()
    const words = parts.refusals[dialectOf(withoutPrefix(url), message.headers)]
    if (isUnread(message) && !response.headersSent) turnAway(message, response, words.encodeError(error))
    else refuse(words, error, response)
  }
}

function perform(
  operation: Operation,
  admitted: Admitted,
  message: IncomingMessage,
  response: ServerResponse,
  parts: ServerParts,
): Promise<void> | void {
  switch (operation.type) {
    case 'generate': {
      const codec = spoken(operation.protocol, parts)
      return readBody(message, parts.bodyLimitBytes()).then((body) =>
        serveExchange(codec, wireOf(operation, admitted, body, parts), response, parts),
      )
    }
    case 'count-tokens':
    case 'embed': {
      spoken(operation.protocol, parts)
      const answer = operation.type === 'embed' ? parts.embed : parts.countTokens
      return readBody(message, parts.bodyLimitBytes()).then((body) =>
        serveValue(answer, wireOf(operation, admitted, body, parts), response),
      )
    }
    case 'code-assist': {
      // while paused nothing reaches a provider, and a CLI that starts must not fail on it
      const relay = parts.paused() ? undefined : parts.codeAssist(admitted.headers)
      if (relay) {
        const method = message.method === 'POST' ? 'POST' : 'GET'
        return readBody(message, parts.bodyLimitBytes()).then((body) => {
          const wire: Wire = { id: parts.nextId(), ...codeAssist, ...admitted, body }
          return relay(wire, method, abortOnClose(response)).then((answer) =>
            answer ? sendAsItIs(response, answer) : sendJson(response, answerCodeAssist(operation.method)),
          )
        })
      }
      message.resume()
      return sendJson(response, answerCodeAssist(operation.method))
    }
    case 'list-models':
      return sendJson(response, modelList(parts.models(), callerDialect(message)))
    case 'get-model': {
      const model = parts.model(operation.model)
      if (!model)
        throw new GatewayError(
          'not-found',
          `No model named ${operation.model.slice(0, 100)} is configured in Patchbay.`,
        )
      return sendJson(response, modelEntry(model, callerDialect(message)))
    }
    case 'healthz':
      return sendText(response, 200, 'ok\n')
    case 'readyz': {
      const missing = parts.notReady()
      return sendText(response, missing === undefined ? 200 : 503, missing === undefined ? 'ready\n' : `${missing}\n`)
    }
    case 'metrics':
      return sendText(response, 200, parts.metrics(), 'text/plain; version=0.0.4; charset=utf-8')
  }
}

const codeAssist = { protocol: 'gemini-chat', envelope: 'code-assist' } as const

type WithBody = Extract<Operation, { type: 'generate' | 'count-tokens' | 'embed' }>

/** What a pause holds back: whatever would reach a provider. */
const isWork = ({ type }: Operation): boolean => type === 'generate' || type === 'count-tokens' || type === 'embed'

const pausedWords = 'Patchbay is paused. Choose Resume in its tray menu or its window, then try again.'

function wireOf(operation: WithBody, { clientKey, path, headers }: Admitted, body: Buffer, parts: ServerParts): Wire {
  const envelope = operation.type === 'embed' ? 'none' : operation.envelope
  return { id: parts.nextId(), protocol: operation.protocol, envelope, clientKey, path, headers, body }
}

/** What is answered with one value and no stream. */
async function serveValue(
  answer: ServerParts['countTokens'] | ServerParts['embed'],
  wire: Wire,
  response: ServerResponse,
): Promise<void> {
  const signal = abortOnClose(response)
  setHeaders(response, { 'x-patchbay-request-id': wire.id })
  sendJson(response, await answer(wire, (note) => setHeaders(response, routeHeaders(note)), signal))
}

const callerDialect = ({ url = '', headers }: IncomingMessage): ListDialect => listDialect(withoutPrefix(url), headers)

function spoken(protocol: Protocol, parts: ServerParts): Codec {
  const codec = parts.codecs[protocol]
  if (codec) return codec
  throw new GatewayError(
    'unsupported',
    `This version of Patchbay does not speak ${protocol} yet. Use /v1/chat/completions or the Gemini paths.`,
  )
}

/** Probes and scrapers hold no client key; these answers name no model, account or secret. */
function isOperations(url: string): boolean {
  return /^\/(?:healthz|readyz|metrics)(?:\?|$)/.test(url)
}

function withoutQuery(path: string): string {
  const mark = path.indexOf('?')
  return mark < 0 ? path : path.slice(0, mark)
}

function withoutPrefix(url: string): string {
  return url.startsWith('/k/') ? url.slice(url.indexOf('/', 3)) : url
}

function abortOnClose(response: ServerResponse): AbortSignal {
  const client = new AbortController()
  response.once('close', () => client.abort(clientGone()))
  return client.signal
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function sendJson(response: ServerResponse, value: JsonObject | Buffer): void {
  const body = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

/** What the real service says, refusals too: the CLI knows what they mean to it. */
function sendAsItIs(response: ServerResponse, { status, headers, body }: Relayed): void {
  const type = String(headers['content-type'] ?? 'application/json')
  response.writeHead(status, { 'content-type': type, 'content-length': body.length })
  response.end(body)
}

function sendText(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  const body = Buffer.from(text)
  response.writeHead(status, { 'content-type': type, 'content-length': body.length })
  response.end(body)
}
