import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createOpenaiChatCodec } from '../../../src-core/codecs/openai-chat/index.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { StreamChunk } from '../../../src-core/model/event.ts'
import { createExchangeLog } from '../../../src-core/observe/exchanges.ts'
import { createGuard } from '../../../src-core/server/guard.ts'
import { createHeartbeat } from '../../../src-core/server/heartbeat.ts'
import { createServer } from '../../../src-core/server/server.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A data port with a record beside each request; what answers plays these chunks, or fails. */
async function start(answer: (StreamChunk | GatewayError)[]) {
  const exchanges = createExchangeLog({
    now: Date.now,
    listenerFailed: (thrown) => {
      throw thrown
    },
  })
  const heartbeat = createHeartbeat({ silenceMs: 15_000, now: Date.now })
  const failures: { id: string; kind: string }[] = []
  let count = 0
  const server = createServer({
    guard: createGuard({ host: '127.0.0.1', allowedOrigins: () => [], isClientKey: undefined }),
    codecs: { 'openai-chat': createOpenaiChatCodec() },
    generate: exchanges.withExchangeLog(async function* () {
      for (const step of answer) {
        if (step instanceof GatewayError) throw step
        yield step
      }
    }),
    heartbeat,
    nextId: () => `id${++count}`,
    now: Date.now,
    failed: ({ kind }, id) => void failures.push({ id, kind }),
    bodyLimitBytes: () => 1000,
    models: () => [],
    countTokens: async () => ({}),
    embed: async (wire) => ({ id: wire.id }),
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
  return { ask, exchanges, failures }
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
