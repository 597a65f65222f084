import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { sameKey } from '../auth/client-key.ts'
import { readBody } from '../http/body.ts'
import { answerNotHttp } from '../http/not-http.ts'
import { isOwnHost } from '../http/own-host.ts'
import { isUnread, turnAway } from '../http/turn-away.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import { checkInput } from './check-input.ts'
import { type CallName, contract, type Handlers } from './contract.ts'
import { badInput, ControlError, type Refusal, refusalOf } from './control-error.ts'
import type { EventStreams } from './event-streams.ts'
import type { WindowFile, WindowFiles } from './window-files.ts'

export interface ControlServerParts {
  handlers: Handlers
  events: EventStreams
  /** The window's pages; left out where none was built. */
  window?: WindowFiles
  /** Shown by every caller; made anew at each start. */
  token: string
  /** The address it is bound to: always a loopback one. */
  host: string
  bodyLimitBytes(): number
  /** The last look at an answer before it leaves: no secret in use goes out. */
  redact(json: string): string
  /** Told of what nobody foresaw. */
  failed(call: string, thrown: unknown): void
}

/**
 * The control port: `POST /api/<call>` and `GET /api/events` for those who know the token; the window's files, which
 * hold no secret, for anyone of this machine.
 */
export function createControlServer(parts: ControlServerParts): Server {
  const limits = { headersTimeout: 20_000, requestTimeout: 60_000, maxHeaderSize: 16 * 1024 }
  const server = http.createServer(limits, (message, response) => {
    void serve(message, response, parts)
  })
  server.on('clientError', answerNotHttp)
  return server
}

async function serve(message: IncomingMessage, response: ServerResponse, parts: ControlServerParts): Promise<void> {
  const path = (message.url ?? '/').split('?', 1)[0]!
  try {
    checkAddress(message, parts.host)
    if (isForPage(message, path)) {
      const file = (await parts.window?.(path)) ?? (path === '/' ? usage : undefined)
      if (!file) throw unknownPath(message.method, path)
      return sendFile(message, response, file)
    }
    checkToken(message, parts.token)
    if (message.method === 'GET' && path === '/api/events') return parts.events.open(response)
    const call = callOf(message, path)
    const input = readJson(await readBody(message, parts.bodyLimitBytes()))
    const answer = await perform(call, input, parts.handlers, abortOnClose(response))
    const json = JSON.stringify(answer)
    send(response, 200, asItIs.has(call) ? json : parts.redact(json))
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.kind === 'client-gone') return void response.destroy()
    const refusal = refusalOf(thrown) ?? internal
    if (refusal === internal) parts.failed(path.slice(0, 100), thrown)
    const body = parts.redact(JSON.stringify({ error: refusal.error }))
    if (isUnread(message) && !response.headersSent) {
      turnAway(message, response, { status: refusal.status, headers: json, body })
    } else send(response, refusal.status, body)
  }
}

const internal: Refusal = { status: 500, error: { message: 'Patchbay failed on this call. The log has the details.' } }

/** Names are checked before anything else: a page on the web that found the port learns nothing, not even about tokens. */
function checkAddress({ headers, socket }: IncomingMessage, bound: string): void {
  const { host, origin } = headers
  if (host === undefined || !isOwnHost(host, bound)) {
    throw new GatewayError('forbidden', 'The control port only answers requests addressed to this computer.')
  }
  const own = [bound, 'localhost', '127.0.0.1'].map((name) => `http://${name}:${socket.localPort}`)
  if (origin !== undefined && !own.includes(origin)) {
    throw new GatewayError('forbidden', 'The control port refuses requests made by web pages of others.')
  }
}

function checkToken({ headers }: IncomingMessage, token: string): void {
  const given = /^bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (given !== undefined && sameKey(given, token)) return
  throw new GatewayError(
    'unauthorized',
    'The control port needs its token as Authorization: Bearer TOKEN. It stands in the address Patchbay shows at its start.',
  )
}

function callOf({ method }: IncomingMessage, path: string): CallName {
  const name = path.startsWith('/api/') ? path.slice('/api/'.length) : ''
  if (method === 'POST' && isCall(name)) return name
  throw unknownPath(method, path)
}

function unknownPath(method: string | undefined, path: string): ControlError {
  const what = `${method} ${path.slice(0, 200)}`
  return new ControlError(
    'missing',
    `The control port has no ${what}. POST /api/CALL, one of: ${callNames.join(', ')}.`,
  )
}

/** The config's text is the user's own file: what an editor saves must be what was there. The client key is for copying. */
const asItIs = new Set<CallName>(['getConfig', 'draftConfig', 'getConfigVersion', 'getClientKey'])

const callNames = Object.keys(contract)
const isCall = (name: string): name is CallName => Object.hasOwn(contract, name)

function readJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw badInput('(input)', 'The input is not JSON.')
  }
}

async function perform(call: CallName, input: unknown, handlers: Handlers, signal: AbortSignal): Promise<unknown> {
  // the table of handlers has each call's own type; a loop over all of them cannot name it
  const handler = handlers[call] as (input: unknown, signal: AbortSignal) => unknown
  return handler(checkInput(contract[call].input, input), signal)
}

function abortOnClose(response: ServerResponse): AbortSignal {
  const caller = new AbortController()
  response.once('close', () => caller.abort(clientGone()))
  return caller.signal
}

const json = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

function send(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return
  const bytes = Buffer.from(body)
  response.writeHead(status, { ...json, 'content-length': bytes.length })
  response.end(bytes)
}

const isForPage = ({ method }: IncomingMessage, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') && !path.startsWith('/api/')

function sendFile({ method }: IncomingMessage, response: ServerResponse, { body, headers }: WindowFile): void {
  response.writeHead(200, { ...headers, 'content-length': body.length })
  response.end(method === 'HEAD' ? undefined : body)
}

/** What stands at `/` where no window was built. */
const usage: WindowFile = {
  headers: { ...json, 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from(
    [
      'This is the control port of Patchbay. Its window was not built; scripts may use it:',
      '',
      '  POST /api/CALL with a JSON input, GET /api/events for server-sent events,',
      '  each with Authorization: Bearer TOKEN (the token in the address Patchbay shows at its start).',
      '',
      ...callNames.map((name) => `  ${name}`),
      '',
    ].join('\n'),
  ),
}
