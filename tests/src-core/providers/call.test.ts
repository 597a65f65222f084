import type http from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCredentials } from '../../../src-core/auth/credentials.ts'
import { createSecretReader } from '../../../src-core/auth/secrets.ts'
import type { Codec } from '../../../src-core/codecs/codec.ts'
import type { Json } from '../../../src-core/model/json.ts'
import type { ModelRequest } from '../../../src-core/model/request.ts'
import { type CallOptions, createCallTarget } from '../../../src-core/providers/call.ts'
import type { ResolvedProvider } from '../../../src-core/providers/resolved-provider.ts'
import { sleep } from '../../../src-core/providers/retry.ts'
import { createTransport } from '../../../src-core/providers/transport.ts'
import { chunksOf, type Heard, hear, patient } from '../../helpers/answer-steps.ts'
import { noAccounts } from '../../helpers/no-accounts.ts'
import { closedPort, httpServer, rawServer, readBody, until } from './local-servers.ts'
import { modelRequest, plainCodec, plainTarget } from './plain-codec.ts'

interface Setup {
  url: URL | string
  provider?: Partial<ResolvedProvider>
  env?: Record<string, string>
  retry?: Partial<{ attempts: number; deadlineMs: number; maxWaitMs: number }>
  options?: Partial<CallOptions>
}

function caller({ url, provider = {}, env = { KEY: 'sk-one' }, retry = {}, options = {} }: Setup) {
  const transport = createTransport({ env: {} })
  onTestFinished(() => transport.close())
  const resolved: ResolvedProvider = {
    id: 'p',
    name: 'Provider P',
    profile: 'openai-compatible',
    protocol: 'openai-chat',
    envelope: 'none',
    baseUrl: new URL('/v1', url).href,
    enabled: true,
    builtIn: false,
    headers: {},
    apiKeyHeader: 'authorization',
    credentials: [{ alias: 'default', type: 'apikey', secret: 'env:KEY' }],
    timeouts: { connectMs: 5000, firstByteMs: 5000, idleMs: 5000 },
    failures: [],
    waits: [],
    discovery: 'none',
    ...provider,
  }
  const secrets = createSecretReader({
    env,
    userHome: '/nowhere',
    folder: '/nowhere',
    keychain: { get: () => undefined },
  })
  return createCallTarget({
    // The half that talks to clients is not asked for here.
    codecs: { 'openai-chat': plainCodec as Codec },
    provider: (id) => (id === 'p' ? resolved : undefined),
    credentials: createCredentials({ secrets, accounts: noAccounts }),
    transport,
    inProject: async (target) => target,
    listening: () => [{ host: '127.0.0.1', port: 4141 }],
    settings: () => ({ retry: { attempts: 3, deadlineMs: 60_000, maxWaitMs: 10_000, ...retry } }),
    userAgent: 'Patchbay/1.2.3',
    hop: 'gateway-1',
    now: Date.now,
    random: () => 0,
    sleep: async (_ms, signal) => sleep(1, signal),
    ...options,
  })
}

const run = (setup: Setup, request: ModelRequest = modelRequest(), signal?: AbortSignal): Promise<Heard> =>
  hear((asking) => caller(setup)(plainTarget, request, asking), signal)

const streaming = (): ModelRequest => modelRequest({ stream: true })
const frame = (value: Json): string => `data: ${JSON.stringify(value)}\n\n`
const json = (response: http.ServerResponse, value: Json, status = 200, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}
const sse = (response: http.ServerResponse): http.ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' })

/** A server that gives each request its turn of a list; the last one stands. */
async function turns(...listeners: ((response: http.ServerResponse, request: http.IncomingMessage) => void)[]) {
  const seen: { headers: http.IncomingHttpHeaders; body: string; url: string }[] = []
  const server = await httpServer(async (request, response) => {
    const turn = listeners[Math.min(seen.length, listeners.length - 1)]!
    seen.push({ headers: request.headers, url: request.url ?? '', body: await readBody(request) })
    turn(response, request)
  })
  return { ...server, seen }
}

const fine = (response: http.ServerResponse): void => json(response, { start: true, say: 'hello', end: true })
const attempts = ({ notes }: Heard): string[] =>
  notes.map((note) => (note.type === 'attempt-failed' ? `failed ${note.attempt}: ${note.error.kind}` : note.type))

describe('a whole answer', () => {
  test('comes as one chunk, with the bytes as they were for a client of the same protocol', async () => {
    const { url, seen } = await turns(fine)
    const outcome = await run({ url })
    expect(outcome.text).toBe('hello')
    expect(outcome.chunks).toHaveLength(1)
    expect(outcome.chunks[0]?.wire?.toString()).toBe('{"start":true,"say":"hello","end":true}')
    expect(outcome.notes).toEqual([{ type: 'attempt', target: 'p.m', attempt: 1 }])
    expect(seen[0]).toMatchObject({ url: '/v1/chat/completions', body: '{"model":"m","messages":[]}' })
  })

  test('without them once the request is not the client’s own', async () => {
    const { url } = await turns(fine)
    const outcome = await run({ url }, modelRequest({ rewritten: true }))
    expect(outcome.chunks[0]?.wire).toBeUndefined()
  })

  test('as a body although a stream was asked for: decoded, never relayed', async () => {
    const { url } = await turns(fine)
    const outcome = await run({ url }, streaming())
    expect(outcome.text).toBe('hello')
    expect(outcome.chunks[0]?.wire).toBeUndefined()
  })

  test('as a stream although a body was asked for: decoded, never relayed', async () => {
    const { url } = await turns((response) => void sse(response).end(frame({ say: 'hello', end: true })))
    const outcome = await run({ url })
    expect(outcome.text).toBe('hello')
    expect(outcome.chunks[0]?.wire).toBeUndefined()
  })
})

describe('a stream', () => {
  test('what came before the first content comes together with it', async () => {
    const { url } = await turns(async (response) => {
      sse(response).write(frame({ start: true }))
      await sleep(30, new AbortController().signal)
      response.write(frame({ say: 'hel' }))
      await sleep(30, new AbortController().signal)
      response.end(frame({ say: 'lo', end: true }))
    })
    const { chunks, text } = await run({ url }, streaming())
    expect(text).toBe('hello')
    expect(chunks.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['response-start', 'text-delta'],
      ['text-delta', 'response-end'],
    ])
    expect(chunks[0]?.wire?.toString()).toBe(frame({ start: true }) + frame({ say: 'hel' }))
  })

  test('content type missing: what was asked for is expected', async () => {
    const { url } = await turns((response) => void response.end(frame({ say: 'hello', end: true })))
    expect((await run({ url }, streaming())).text).toBe('hello')
  })

  test('an error after content is the last event, judged, and never retried', async () => {
    const { url, seen } = await turns(async (response) => {
      sse(response).write(frame({ say: 'hel' }))
      await sleep(30, new AbortController().signal)
      response.end(frame({ error: { code: 429, message: 'Too many requests', type: 'rate_limit_error' } }))
    })
    const { events, error } = await run({ url }, streaming())
    expect(error).toBeUndefined()
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'error'])
    expect(events[1]).toMatchObject({ error: { kind: 'rate-limited', target: 'p.m' } })
    expect(seen).toHaveLength(1)
  })

  test('an answer that ends too early is an error that names the provider', async () => {
    const { url } = await turns((response) => void sse(response).end(frame({ say: 'hel' })))
    const { events } = await run({ url }, streaming())
    expect(events.at(-1)).toMatchObject({ error: { kind: 'stream-broken', target: 'p.m' } })
    expect(events.at(-1)).toHaveProperty('error.message', 'p: It ended too early.')
  })

  test('A10: a stream that stalls ends in an error that names the provider', async () => {
    const { url, seen } = await turns((response) => void sse(response).write(frame({ say: 'hel' })))
    const timeouts = { connectMs: 5000, firstByteMs: 5000, idleMs: 100 }
    const { events } = await run({ url, provider: { timeouts } }, streaming())
    expect(events.map(({ type }) => type)).toEqual(['text-delta', 'error'])
    expect(events.at(-1)).toMatchObject({ error: { kind: 'timeout', target: 'p.m' } })
    expect(events.at(-1)).toHaveProperty('error.message', expect.stringMatching(/^p: .* fell silent/))
    expect(seen).toHaveLength(1)
  })

  test('a reset after content is the last event', async () => {
    const { url, seen } = await turns((response) => {
      sse(response).write(frame({ say: 'hel' }), () => setTimeout(() => response.destroy(), 30))
    })
    const { events, error } = await run({ url }, streaming())
    expect(error).toBeUndefined()
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { kind: 'stream-broken', target: 'p.m' } })
    expect(seen).toHaveLength(1)
  })
})

describe('trying again', () => {
  const failing = (response: http.ServerResponse): void => json(response, { error: { message: 'oops' } }, 503)

  test.each([
    ['JSON', modelRequest()],
    ['a stream', streaming()],
  ])('5xx twice, then success: %s', async (_name, request) => {
    const { url, seen } = await turns(failing, failing, (response) =>
      request.stream ? void sse(response).end(frame({ say: 'hello', end: true })) : fine(response),
    )
    const outcome = await run({ url }, request)
    expect(outcome.text).toBe('hello')
    expect(attempts(outcome)).toEqual([
      'attempt',
      'failed 1: provider-error',
      'attempt',
      'failed 2: provider-error',
      'attempt',
    ])
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1)
  })

  test('at every byte a first answer may break off at, before content', async () => {
    const answer = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${frame({ start: true })}`
    let cut = 0
    const { url } = await rawServer((socket, _request, count) => {
      if (count % 2 === 1) return void socket.write(answer.slice(0, cut), () => socket.resetAndDestroy())
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${frame({ say: 'hello', end: true })}`)
    })
    for (cut = 1; cut <= answer.length; cut += 3) {
      const { text, error } = await run({ url }, streaming())
      expect([cut, error?.message, text]).toEqual([cut, undefined, 'hello'])
    }
  })

  test('A11: an error inside a 200, before content', async () => {
    const whole = await turns((response) => json(response, { error: { code: 500, message: 'Internal error' } }), fine)
    expect((await run({ url: whole.url })).text).toBe('hello')
    const stream = await turns(
      (response) =>
        void sse(response).end(frame({ start: true }) + frame({ error: { code: 500, message: 'Internal error' } })),
      (response) => void sse(response).end(frame({ say: 'hello', end: true })),
    )
    const outcome = await run({ url: stream.url }, streaming())
    expect(outcome.text).toBe('hello')
    expect(attempts(outcome)).toEqual(['attempt', 'failed 1: provider-error', 'attempt'])
  })

  test('a refused key inside a 200 is no reason to try again', async () => {
    const { url, seen } = await turns((response) =>
      json(response, { error: { code: 401, message: 'Incorrect API key provided' } }),
    )
    expect((await run({ url })).error?.kind).toBe('bad-credentials')
    expect(seen).toHaveLength(1)
  })

  test('refused connections', async () => {
    const port = await closedPort()
    const outcome = await run({ url: `http://127.0.0.1:${port}` })
    expect(outcome.error).toMatchObject({ kind: 'provider-unreachable', target: 'p.m' })
    expect(outcome.error?.message).toContain(`p: 127.0.0.1:${port} refused the connection`)
    expect(attempts(outcome).filter((attempt) => attempt === 'attempt')).toHaveLength(3)
  })

  test('not past the deadline', async () => {
    const { url, seen } = await turns(failing)
    let time = 0
    const pass = async (ms: number): Promise<void> => {
      time += ms
    }
    const options = { now: () => time, sleep: pass, random: () => 1 }
    const outcome = await run({ url, retry: { attempts: 50, deadlineMs: 4000 }, options })
    expect(outcome.error?.kind).toBe('provider-error')
    expect(seen).toHaveLength(4)
    expect(time).toBe(3500)
  })

  test('a limit goes back with its time, however short', async () => {
    const limited = (response: http.ServerResponse): void =>
      json(response, { error: { message: 'Rate limit reached' } }, 429, { 'retry-after': '2' })
    const { url } = await turns(limited, fine)
    expect((await run({ url })).error).toMatchObject({ kind: 'rate-limited', wait: { ms: 2000 } })
  })
})

describe('answers that are none', () => {
  const cases: [string, (response: http.ServerResponse) => void, string][] = [
    [
      'a web page',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'a web page instead of JSON',
    ],
    [
      'a web page under a false name',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('\n<!doctype html>'),
      'a web page instead of JSON',
    ],
    [
      'an empty body',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(),
      'answered with nothing',
    ],
    [
      'a redirect',
      (response) => void response.writeHead(302, { location: 'https://login.example/x?token=SECRET' }).end(),
      'redirects to login.example;',
    ],
  ]
  test.each(cases)('%s', async (_name, listener, words) => {
    const { url } = await turns(listener)
    const { error } = await run({ url, retry: { attempts: 1 } })
    expect(error).toMatchObject({ kind: 'provider-error', target: 'p.m' })
    expect(error?.message).toContain(words)
    expect(error?.message).not.toContain('SECRET')
  })

  test.each([
    ['an empty stream', ''],
    ['a stream of nothing but a beginning', frame({ start: true })],
  ])('%s', async (_name, content) => {
    const { url } = await turns((response) => void sse(response).end(content))
    const { error, events } = await run({ url, retry: { attempts: 1 } }, streaming())
    expect(error?.consequence.retrySame).toBe(true)
    expect(events).toEqual([])
  })

  test('a failure of ten megabytes is read as far as it helps', async () => {
    const { url } = await turns((response) => {
      response.on('error', () => {})
      response.writeHead(400).end(`{"error":{"message":"too bad"}}${' '.repeat(10_000_000)}`)
    })
    expect((await run({ url })).error?.kind).toBe('provider-bad-request')
  })
})

describe('headers', () => {
  test('nothing of the client goes along but what its service understands', async () => {
    const { url, seen } = await turns(fine)
    const headers = {
      host: 'localhost:4141',
      authorization: 'Bearer client-key',
      cookie: 'session=1',
      connection: 'keep-alive',
      'x-goog-api-client': 'cli/1',
      'x-gemini-api-privileged-user-id': 'user',
      'user-agent': 'Client/9',
      'accept-language': 'de',
      'accept-encoding': 'gzip, br',
      'openai-organization': 'org',
      'openai-beta': 'assistants=v2',
    }
    await run({ url, provider: { headers: { 'X-Team': 'a' } } }, modelRequest({ headers }))
    expect(seen[0]?.headers).toEqual({
      host: url.host,
      connection: 'keep-alive',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Patchbay/1.2.3',
      'content-type': 'application/json',
      'content-length': '27',
      'x-team': 'a',
      'openai-beta': 'assistants=v2',
      authorization: 'Bearer sk-one',
      'x-patchbay-hop': 'gateway-1',
    })
  })

  test('a caller’s own credential goes along with auth: client', async () => {
    const { url, seen } = await turns(fine)
    const headers = { 'x-goog-api-key': 'theirs', 'x-gemini-api-privileged-user-id': 'user', cookie: 'c' }
    await run({ url, provider: { credentials: [{ alias: 'default', type: 'client' }] } }, modelRequest({ headers }))
    expect(seen[0]?.headers).toMatchObject({ 'x-goog-api-key': 'theirs', 'x-gemini-api-privileged-user-id': 'user' })
    expect(seen[0]?.headers).not.toHaveProperty('cookie')
  })
})

describe('a 401', () => {
  const refused = (response: http.ServerResponse): void =>
    json(response, { error: { message: 'Invalid API key' } }, 401)

  test('asks once for fresh headers and replays', async () => {
    const { url, seen } = await turns(refused, fine)
    let asked = 0
    const credentials = { headersFor: async () => ({ authorization: `Bearer token-${++asked}` }) }
    const outcome = await run({ url, options: { credentials } })
    expect(outcome.text).toBe('hello')
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(attempts(outcome)).toEqual(['attempt'])
  })

  test('twice is the end', async () => {
    const { url, seen } = await turns(refused)
    let asked = 0
    const credentials = { headersFor: async () => ({ authorization: `Bearer token-${++asked}` }) }
    expect((await run({ url, options: { credentials } })).error?.kind).toBe('bad-credentials')
    expect(seen).toHaveLength(2)
  })

  test('nothing newer to send: no replay, and the key is not in the words', async () => {
    const { url, seen } = await turns(refused)
    const { error } = await run({ url })
    expect(error).toMatchObject({ kind: 'bad-credentials', target: 'p.m', providerStatus: 401 })
    expect(error?.message).not.toContain('sk-one')
    expect(seen).toHaveLength(1)
  })

  test('a credential that looks like nothing is repeated nowhere: not in the words, not as the code', async () => {
    const { url } = await turns((response, { headers }) => {
      const { authorization } = headers
      json(response, { error: { message: `I do not know ${authorization}`, code: authorization } }, 401)
    })
    const { error } = await run({ url, env: { KEY: 'plain words only' } })
    expect(error?.message).toContain('I do not know Bearer ***')
    expect(JSON.stringify([error?.message, error?.providerCode])).not.toContain('words')
  })
})

describe('a parameter the service refuses', () => {
  const refusing = (param: string) => (response: http.ServerResponse) =>
    json(
      response,
      { error: { message: `Unsupported parameter: '${param}'`, code: 'unsupported_parameter', param } },
      400,
    )

  test('is left out, and noted', async () => {
    const { url, seen } = await turns(refusing('temperature'), refusing('options.deep'), fine)
    const body = { model: 'm', messages: [], temperature: 1, options: { deep: 1, kept: 2 } }
    const outcome = await run({ url }, modelRequest({ body }))
    expect(outcome.text).toBe('hello')
    expect(JSON.parse(seen[2]!.body)).toEqual({ model: 'm', messages: [], options: { kept: 2 } })
    expect(outcome.notes.filter(({ type }) => type === 'dropped')).toMatchObject([
      { what: 'temperature' },
      { what: 'options.deep' },
    ])
  })

  test.each(['not_there', 'messages', '__proto__'])('%s: the refusal stands', async (param) => {
    const { url, seen } = await turns(refusing(param), fine)
    expect((await run({ url })).error?.kind).toBe('provider-bad-request')
    expect(seen).toHaveLength(1)
  })
})

describe('what is not sent at all', () => {
  test('to our own address', async () => {
    const { error } = await run({ url: 'http://localhost:4141' })
    expect(error).toMatchObject({ kind: 'no-target' })
    expect(error?.message).toContain('points at this gateway itself')
  })

  test('a request that has been here before', async () => {
    const { url, seen } = await turns(fine)
    const { error } = await run({ url }, modelRequest({ headers: { 'x-patchbay-hop': 'gateway-1' } }))
    expect(error?.kind).toBe('no-target')
    expect(seen).toHaveLength(0)
  })

  test('without a credential', async () => {
    const { url, seen } = await turns(fine)
    expect((await run({ url, env: {} })).error).toMatchObject({ kind: 'no-credential', target: 'p.m' })
    expect(seen).toHaveLength(0)
  })
})

describe('the client leaves', () => {
  test.each(['waiting', 'streaming', 'between attempts'])('%s', async (moment) => {
    const server = await httpServer((_request, response) => {
      if (moment === 'waiting') return
      if (moment === 'streaming') return void sse(response).write(frame({ say: 'hel' }))
      json(response, { error: { message: 'oops' } }, 500)
    })
    const leave = new AbortController()
    setTimeout(() => leave.abort(), 60)
    const options = { sleep }
    const { error, events } = await run(
      { url: server.url, options, retry: { attempts: 99 } },
      streaming(),
      leave.signal,
    )
    expect(error?.kind).toBe('client-gone')
    expect(events.some(({ type }) => type === 'error')).toBe(false)
    if (moment !== 'between attempts') await until(() => server.open.size === 0, 1000)
  })

  test('returning the generator closes the stream', async () => {
    const server = await httpServer((_request, response) => void sse(response).write(frame({ say: 'hel' })))
    for await (const chunk of chunksOf(await caller({ url: server.url })(plainTarget, streaming(), patient))) {
      if (chunk.events.some(({ type }) => type === 'text-delta')) break
    }
    await until(() => server.open.size === 0, 1000)
  })
})
