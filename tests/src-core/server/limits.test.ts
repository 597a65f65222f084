import http from 'node:http'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createOpenaiChatCodec } from '../../../src-core/codecs/openai-chat/index.ts'
import { createDrain } from '../../../src-core/http/drain.ts'
import type { Generate } from '../../../src-core/model/generate.ts'
import { createGuard } from '../../../src-core/server/guard.ts'
import { createHeartbeat } from '../../../src-core/server/heartbeat.ts'
import { createServer, type ServerParts } from '../../../src-core/server/server.ts'
import { playAnswer, type Step } from '../../helpers/answer-steps.ts'
import { refusals } from './refusals.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

interface Limits {
  headersTimeout?: number
  requestTimeout?: number
  timeout?: number
}

/** A data port with other limits than the usual ones; an answer flows as fast as it is read, once the backend has thought. */
async function start(limits: Limits = {}, { thinkMs = 0, chunks = 3000 } = {}) {
  const heartbeat = createHeartbeat({ silenceMs: 15_000, now: Date.now })
  let left = false
  const generate: Generate = (_request, caller) => {
    caller.signal.addEventListener('abort', () => {
      left = true
    })
    return playAnswer(steps(caller.signal), caller)
  }
  async function* steps(signal: AbortSignal): AsyncGenerator<Step> {
    if (thinkMs > 0) await new Promise((resolve) => setTimeout(resolve, thinkMs))
    yield { events: [{ type: 'response-start', id: 'r', model: 'm' }] }
    for (let count = 0; count < chunks && !signal.aborted; count++) {
      yield { events: [{ type: 'text-delta', text: 'x'.repeat(64 * 1024) }] }
    }
  }
  const parts: ServerParts = {
    guard: createGuard({
      host: '127.0.0.1',
      allowedOrigins: () => [],
      asksForKey: () => false,
      clientKeyName: () => undefined,
    }),
    codecs: { 'openai-chat': createOpenaiChatCodec() },
    refusals,
    generate,
    heartbeat,
    nextId: () => 'id1',
    now: Date.now,
    failed: () => {},
    bodyLimitBytes: () => 1000,
    models: () => [],
    model: () => undefined,
    countTokens: async () => ({}),
    embed: async () => ({}),
    codeAssist: () => undefined,
    paused: () => false,
    notReady: () => undefined,
    metrics: () => '',
  }
  const server = createServer(parts)
  const drain = createDrain(server)
  Object.assign(server, limits, { connectionsCheckingInterval: 30 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    heartbeat.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { server, drain, port, left: () => left }
}

function connect(port: number, bytes: string, read = true) {
  const socket = net.connect(port, '127.0.0.1')
  let text = ''
  socket.on('error', () => {})
  if (read) {
    socket.on('data', (piece) => {
      text += piece.toString()
    })
  }
  socket.write(bytes)
  closing.push(() => socket.destroy())
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(text)))
  return { socket, closed, received: () => text }
}

const body = '{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}'
const head = (length: number) =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${length}\r\n\r\n`

describe('time', () => {
  test('is limited for headers, bodies and clients that stand still', async () => {
    const { server } = await start()
    expect(server.headersTimeout).toBeGreaterThan(0)
    expect(server.headersTimeout).toBeLessThanOrEqual(60_000)
    expect(server.requestTimeout).toBeGreaterThanOrEqual(server.headersTimeout)
    expect(server.requestTimeout).toBeLessThanOrEqual(600_000)
    expect(server.timeout).toBeGreaterThan(60_000)
    expect(server.timeout).toBeLessThanOrEqual(600_000)
  })

  test('headers that come a byte at a time', async () => {
    const { port } = await start({ headersTimeout: 150, requestTimeout: 300 })
    const { socket, closed } = connect(port, 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n')
    const drip = setInterval(() => socket.write('x-a: b\r\n'), 20)
    closing.push(() => clearInterval(drip))
    expect(await closed).toMatch(/^HTTP\/1\.1 408 [\s\S]*"message":"The request did not arrive in time\."/)
  })

  test('a body that comes a byte at a time', async () => {
    const { port } = await start({ headersTimeout: 100, requestTimeout: 200 })
    const { socket, closed } = connect(port, head(900))
    const drip = setInterval(() => socket.write(' '), 20)
    closing.push(() => clearInterval(drip))
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('a client that does not read its answer is let go, and the provider with it', async () => {
    const { port, left } = await start({ timeout: 300 })
    connect(port, head(body.length) + body, false)
    await expect.poll(left, { timeout: 5000 }).toBe(true)
  })

  test('a client that waits for a slow backend is not: the silence is ours', async () => {
    const { port } = await start({ timeout: 200 }, { thinkMs: 900, chunks: 1 })
    const whole = body.replace('"stream":true', '"stream":false')
    const { received } = connect(port, head(whole.length) + whole)
    await expect.poll(received, { timeout: 5000 }).toMatch(/^HTTP\/1\.1 200 [\s\S]*"finish_reason":/)
  })

  test('a client that reads slowly is not', async () => {
    const { port, left } = await start({ timeout: 300 })
    const { socket, received } = connect(port, head(body.length) + body)
    socket.pause()
    const sips = setInterval(() => {
      socket.resume()
      setImmediate(() => socket.pause())
    }, 100)
    closing.push(() => clearInterval(sips))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(received().length).toBeGreaterThan(1000)
    expect(left()).toBe(false)
  })
})

describe('stopping', () => {
  test('closes what is kept or was never used', async () => {
    const { port, drain } = await start()
    connect(port, '')
    const agent = new http.Agent({ keepAlive: true })
    await new Promise<void>((resolve) => {
      http.get({ port, host: '127.0.0.1', path: '/healthz', agent }, (response) => response.resume().on('end', resolve))
    })
    await drain(60_000)
    agent.destroy()
  })

  test('does not wait longer than it may', async () => {
    const { port, drain, left } = await start()
    const { received } = connect(port, head(body.length) + body, false)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await drain(100)
    expect(received()).toBe('')
    await expect.poll(left, { timeout: 2000 }).toBe(true)
  })
})
