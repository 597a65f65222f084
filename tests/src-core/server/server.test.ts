import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createOpenaiChatCodec } from '../../../src-core/codecs/openai-chat/index.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { StreamChunk } from '../../../src-core/model/event.ts'
import type { JsonObject } from '../../../src-core/model/json.ts'
import { createExchangeLog } from '../../../src-core/observe/exchanges.ts'
import { createGuard } from '../../../src-core/server/guard.ts'
import { createHeartbeat } from '../../../src-core/server/heartbeat.ts'
import { createServer } from '../../../src-core/server/server.ts'
import { playAnswer, type Step } from '../../helpers/answer-steps.ts'
import { refusals } from './refusals.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A data port with a record beside each request; what answers plays these chunks, or fails. */
async function start(answer: Step[], silenceMs = 15_000) {
  const exchanges = createExchangeLog({
    now: Date.now,
    listenerFailed: (thrown) => {
      throw thrown
    },
  })
  const heartbeat = createHeartbeat({ silenceMs, now: Date.now })
  const failures: { id: string; kind: string }[] = []
  let count = 0
  const server = createServer({
    guard: createGuard({
      host: '127.0.0.1',
      allowedOrigins: () => ['http://mine.test'],
      asksForKey: () => false,
      clientKeyName: () => undefined,
    }),
    codecs: { 'openai-chat': createOpenaiChatCodec() },
    refusals,
    generate: exchanges.withExchangeLog((_request, caller) => playAnswer(answer, caller)),
    heartbeat,
    nextId: () => `id${++count}`,
    now: Date.now,
    failed: ({ kind }, id) => void failures.push({ id, kind }),
    bodyLimitBytes: () => 1000,
    models: () => [],
    model: () => undefined,
    countTokens: async () => ({}),
    embed: async (wire, routed) => {
      routed({ route: 'default', because: [], target: 'p.m', model: 'm', attempts: 1, ratio: 0.5, context: 'safe' })
      if (wire.body.includes('fail')) throw new GatewayError('capacity', 'No room.')
      return { id: wire.id }
    },
    codeAssist: () => undefined,
    paused: () => false,
    notReady: () => undefined,
    metrics: () => '',
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    heartbeat.close()
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = (body: object, path = '/v1/chat/completions') =>
    fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
  return { ask, exchanges, failures, url }
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
const words: StreamChunk = {
  events: [
    { type: 'response-start', id: 'r', model: 'm' },
    { type: 'text-delta', text: 'hello' },
    { type: 'response-end', reason: { unified: 'stop' } },
  ],
}

describe('one id for each request', () => {
  test('in the header and in the record', async () => {
    const { ask, exchanges } = await start([words])
    const ids: (string | null)[] = []
    for (const stream of [false, true]) {
      const response = await ask({ ...hello, stream })
      expect(await response.text()).toContain('hello')
      ids.push(response.headers.get('x-patchbay-request-id'))
    }
    expect(ids).toEqual(['id1', 'id2'])
    expect(exchanges.list().map(({ id }) => id)).toEqual(['id2', 'id1'])
  })

  test('and where a failure is told', async () => {
    const { ask, exchanges, failures } = await start([new GatewayError('capacity', 'No room.')])
    const response = await ask(hello)
    expect(response.status).toBe(503)
    expect(response.headers.get('x-patchbay-request-id')).toBe('id1')
    expect(failures).toEqual([{ id: 'id1', kind: 'capacity' }])
    expect(exchanges.get('id1')).toMatchObject({ status: 503 })
  })

  test('also for what is not generated', async () => {
    const { ask } = await start([])
    expect(await (await ask({ model: 'm', input: 'x' }, '/v1/embeddings')).json()).toEqual({ id: 'id1' })
  })
})

test.each([
  ['an answer', { input: 'x' }, 200],
  ['a failure', { input: 'fail' }, 503],
])('%s that is no conversation says where it came from too', async (_name, body, status) => {
  const { ask } = await start([])
  const response = await ask(body, '/v1/embeddings')
  expect(response.status).toBe(status)
  expect(Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('x-patchbay-')))).toEqual({
    'x-patchbay-request-id': 'id1',
    'x-patchbay-route': 'default',
    'x-patchbay-target': 'p.m',
    'x-patchbay-attempts': '1',
    'x-patchbay-context': 'safe;ratio=0.50',
  })
})

test('an answer that has to begin before there is any says where it is asked for', async () => {
  const route = { route: 'default', because: [], target: 'p.m', model: 'm', attempts: 2, context: 'unknown' as const }
  const asked: Step = { note: { type: 'attempt', target: 'p.m', attempt: 2, route } }
  let speak = () => {}
  const silence = new Promise<void>((resolve) => {
    speak = resolve
  })
  const { ask } = await start([asked, () => silence, words], 5)
  const response = await ask({ ...hello, stream: true })
  speak()
  expect(response.headers.get('x-patchbay-target')).toBe('p.m')
  expect(response.headers.get('x-patchbay-attempts')).toBe('2')
  expect(await response.text()).toContain('hello')
})

test('a chunk that cannot be written ends the answer in words, and the backend is let go', async () => {
  const args: JsonObject = {}
  args.itself = args
  let wasAsked = false
  const { ask } = await start([
    { events: [{ type: 'text-delta', text: 'hello' }] },
    { events: [{ type: 'tool-call', id: 'c1', name: 'f', args }] },
    async () => {
      wasAsked = true
    },
  ])
  const text = await (await ask({ ...hello, stream: true })).text()
  expect(text).toContain('hello')
  expect(text).toContain('"error"')
  expect(text).not.toContain('[DONE]')
  expect(wasAsked).toBe(false)
})

describe('paths', () => {
  test.each([
    ['/v1/models', { 'x-goog-api-key': 'k' }, 'models'],
    ['/v1/models?key=k', {}, 'models'],
    ['/k/key/v1beta/models', {}, 'models'],
    ['/v1/models', { 'anthropic-version': '2023-06-01' }, 'first_id'],
    ['/v1/models', {}, 'object'],
  ])('%s with %o lists models in the words of its caller', async (path, headers, member) => {
    const { url } = await start([])
    expect(await (await fetch(url + path, { headers })).json()).toHaveProperty(member)
  })

  test('what is not spoken is refused in one sentence, whatever is asked in it', async () => {
    const { ask } = await start([])
    for (const path of ['/v1/messages', '/v1/messages/count_tokens', '/v1/responses'])
      expect(await (await ask({}, path)).text()).toContain('does not speak')
  })

  test('HEAD is answered like GET', async () => {
    const { url } = await start([])
    expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  })
})

describe('a page', () => {
  test('of an allowed origin may ask first, and then read the answer', async () => {
    const { url } = await start([words])
    const origin = 'http://mine.test'
    const first = await fetch(`${url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    expect(first.status).toBe(204)
    expect(first.headers.get('access-control-allow-headers')).toBe('authorization,content-type')
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { origin },
      body: JSON.stringify(hello),
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  })

  test('of another is refused and told nothing', async () => {
    const { url } = await start([])
    const response = await fetch(`${url}/v1/models`, { headers: { origin: 'http://other.test' } })
    expect(response.status).toBe(403)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})
