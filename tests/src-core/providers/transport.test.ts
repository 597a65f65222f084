import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { Flow } from '../../../src-core/model/flow.ts'
import { pulled } from '../../../src-core/model/pulled.ts'
import type { Timeouts } from '../../../src-core/providers/response-reader.ts'
import { createTransport, type TransportRequest } from '../../../src-core/providers/transport.ts'
import { closedPort, httpServer, listen, rawServer, readBody, until } from './local-servers.ts'
import { makeCertificates } from './make-certificates.ts'

const patient: Timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 10_000 }

function transport(env: Record<string, string> = {}) {
  const made = createTransport({ env })
  onTestFinished(() => made.close())
  return made
}

function post(url: URL | string, more: Partial<TransportRequest> = {}): TransportRequest {
  return {
    method: 'POST',
    url: new URL(url),
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"a":1}'),
    timeouts: patient,
    signal: new AbortController().signal,
    ...more,
  }
}

async function textOf(body: Flow<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of pulled(body)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
  throw new Error('it did not fail')
}

async function exchange(request: TransportRequest, env: Record<string, string> = {}): Promise<string> {
  return textOf((await transport(env).send(request)).body)
}

describe('one request', () => {
  test('sends what it is given and hands back status, headers and body', async () => {
    const { url } = await httpServer(async (request, response) => {
      const { host: _host, ...headers } = request.headers
      response.writeHead(201, { 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] })
      response.end(JSON.stringify({ url: request.url, headers, body: await readBody(request) }))
    })
    const response = await transport().send(post(new URL('/v1/chat?a=b%20c', url)))
    expect(response.status).toBe(201)
    expect(response.headers).toMatchObject({ 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] })
    expect(JSON.parse(await textOf(response.body))).toEqual({
      url: '/v1/chat?a=b%20c',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'content-length': '7', connection: 'keep-alive' },
    })
  })

  test('keeps its connections for the next one', async () => {
    const server = await httpServer((_request, response) => response.end('ok'))
    const { send } = transport()
    for (let i = 0; i < 8; i++) {
      await textOf((await send(post(server.url))).body)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(server.accepted()).toBe(1)
  })

  test('a kept connection the server has closed meanwhile costs the caller nothing', async () => {
    const server = await rawServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
    const { send } = transport()
    for (let i = 0; i < 3; i++) expect(await textOf((await send(post(server.url))).body)).toBe('ok')
    expect(server.accepted()).toBe(3)
  })

  test('many streams at once each have a connection', async () => {
    const held: http.ServerResponse[] = []
    const server = await httpServer((_request, response) => {
      response.write('first')
      held.push(response)
    })
    const { send } = transport()
    const bodies = await Promise.all(
      Array.from({ length: 200 }, async () => pulled((await send(post(server.url))).body)),
    )
    const firsts = await Promise.all(bodies.map((body) => body.next()))
    expect(firsts.every(({ value }) => value!.toString() === 'first')).toBe(true)
    for (const response of held) response.end('last')
    const lasts = await Promise.all(bodies.map((body) => body.next()))
    expect(lasts.every(({ value }) => value!.toString() === 'last')).toBe(true)
  })
})

describe('a stream', () => {
  test('all pieces of one read come in one pull', async () => {
    const pieces = Array.from({ length: 40 }, (_, i) => `data: ${i}\n\n`)
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      setTimeout(() => {
        const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
        socket.write(`${chunks.join('')}0\r\n\r\n`)
      }, 50)
    })
    const body = pulled((await transport().send(post(url))).body)
    expect((await body.next()).value!.toString()).toBe(pieces.join(''))
    expect((await body.next()).done).toBe(true)
  })

  test('a slow reader slows the provider instead of filling memory', async () => {
    let written = 0
    const total = 64 * 1024 * 1024
    const { url } = await httpServer((_request, response) => {
      const piece = Buffer.alloc(64 * 1024, 'x')
      const pump = () => {
        while (written < total) {
          written += piece.length
          if (!response.write(piece)) return void response.once('drain', pump)
        }
        response.end()
      }
      pump()
    })
    const { body } = await transport().send(post(url))
    const pull = pulled(body)
    await pull.next()
    // Nobody pulls: what was written stands still, far from the total.
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(written).toBeLessThan(total / 4)
    let largest = 0
    let read = 0
    for (;;) {
      const { value, done } = await pull.next()
      if (done) break
      largest = Math.max(largest, value.length)
      read += value.length
    }
    expect(written).toBe(total)
    expect(read).toBeGreaterThan(total - 1024 * 1024)
    expect(largest).toBeLessThan(1024 * 1024)
  })

  test('leaving the loop closes the connection', async () => {
    const server = await httpServer((_request, response) => void response.write('one'))
    const { body } = await transport().send(post(server.url))
    for await (const piece of pulled(body)) {
      expect(piece.toString()).toBe('one')
      break
    }
    await until(() => server.open.size === 0, 1000)
  })
})

describe('the client leaves', () => {
  const places: [string, http.RequestListener][] = [
    ['before the headers', () => {}],
    ['before the first byte', (_request, response) => response.flushHeaders()],
    ['in the middle', (_request, response) => void response.write('some')],
  ]
  test.each(places)('%s: the upstream is free within a second', async (_name, listener) => {
    const server = await httpServer(listener)
    const leave = new AbortController()
    const answer = transport()
      .send(post(server.url, { signal: leave.signal }))
      .then(({ body }) => textOf(body))
    await until(() => server.open.size === 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    leave.abort()
    expect((await failureOf(answer)).kind).toBe('client-gone')
    await until(() => server.open.size === 0, 1000)
  })

  test('before it began: nothing is sent', async () => {
    const server = await httpServer((_request, response) => response.end('no'))
    expect((await failureOf(exchange(post(server.url, { signal: AbortSignal.abort() })))).kind).toBe('client-gone')
    expect(server.accepted()).toBe(0)
  })

  test('no listener stays on a signal that outlives the request', async () => {
    const { url } = await httpServer((_request, response) => response.end('ok'))
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    await exchange(post(url, { signal }))
    expect(listeners).toBe(0)
  })
})

describe('timeouts', () => {
  const limits = (over: Partial<Timeouts>): Timeouts => ({ ...patient, ...over })

  test('a connection nobody accepts', async () => {
    // The handshake of TLS never comes: TCP is there, the connection is not.
    const server = await listen(net.createServer(), 'https')
    const error = await failureOf(exchange(post(server.url, { timeouts: limits({ connectMs: 80 }) })))
    expect(error).toMatchObject({ kind: 'timeout' })
    expect(error.message).toBe(`127.0.0.1:${server.port} could not be connected to within 80 ms.`)
  })

  test('no answer', async () => {
    const server = await httpServer(() => {})
    const error = await failureOf(exchange(post(server.url, { timeouts: limits({ firstByteMs: 80 }) })))
    expect(error).toMatchObject({ kind: 'timeout' })
    expect(error.message).toContain('did not begin to answer within 80 ms')
    await until(() => server.open.size === 0, 1000)
  })

  test('headers, then nothing', async () => {
    const { url } = await httpServer((_request, response) => response.flushHeaders())
    const error = await failureOf(exchange(post(url, { timeouts: limits({ firstByteMs: 80 }) })))
    expect(error).toMatchObject({ kind: 'timeout' })
  })

  test('silence in the middle', async () => {
    const server = await httpServer((_request, response) => void response.write('some'))
    const error = await failureOf(exchange(post(server.url, { timeouts: limits({ idleMs: 80 }) })))
    expect(error).toMatchObject({ kind: 'timeout' })
    expect(error.message).toContain('fell silent in the middle of its answer for 80 ms')
    await until(() => server.open.size === 0, 1000)
  })

  test('a stream that keeps moving lives longer than any single limit', async () => {
    const { url } = await httpServer((_request, response) => {
      let left = 12
      const tick = setInterval(() => {
        response.write('x')
        if (--left === 0) {
          clearInterval(tick)
          response.end()
        }
      }, 50)
    })
    const timeouts = { connectMs: 10_000, firstByteMs: 10_000, idleMs: 400 }
    expect(await exchange(post(url, { timeouts }))).toBe('x'.repeat(12))
  })

  test('a whole body that falls silent after a first part', async () => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":')
    })
    const { body } = await transport().send(post(url, { timeouts: limits({ idleMs: 100 }) }))
    const error = await failureOf(body.whole!(1000))
    expect(error.kind).toBe('timeout')
  })

  test('a reader that takes its time is not the silence that counts', async () => {
    const { url } = await httpServer((_request, response) => {
      response.write('a')
      setTimeout(() => response.end('b'), 20)
    })
    const { body } = await transport().send(post(url, { timeouts: limits({ idleMs: 100 }) }))
    const pull = pulled(body)
    await pull.next()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect((await pull.next()).value!.toString()).toBe('b')
  })
})

describe('failures are told apart in words', () => {
  test('refused', async () => {
    const port = await closedPort()
    const error = await failureOf(exchange(post(`http://127.0.0.1:${port}/v1?key=SECRET`)))
    expect(error).toMatchObject({ kind: 'provider-unreachable' })
    expect(error.message).toBe(
      `127.0.0.1:${port} refused the connection: nothing listens there. Is the server running?`,
    )
  })

  test('unknown name', async () => {
    const error = await failureOf(exchange(post('http://nobody.invalid/v1')))
    expect(error).toMatchObject({ kind: 'provider-unreachable' })
    expect(error.message).toMatch(/name of nobody\.invalid .*DNS/)
  })

  test('HTTPS to a plain HTTP server', async () => {
    const { port } = await httpServer((_request, response) => response.end('ok'))
    const error = await failureOf(exchange(post(`https://127.0.0.1:${port}/`)))
    expect(error).toMatchObject({ kind: 'provider-unreachable' })
    expect(error.message).toContain('seems to speak plain HTTP')
  })

  test('not HTTP at all', async () => {
    const { url } = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    const error = await failureOf(exchange(post(url)))
    expect(error).toMatchObject({ kind: 'provider-unreachable' })
    expect(error.message).toContain('not HTTP')
  })

  test('words never repeat path or query', async () => {
    const port = await closedPort()
    const error = await failureOf(exchange(post(`http://127.0.0.1:${port}/secret-path?key=SECRET`)))
    expect(error.message).not.toMatch(/secret/i)
  })
})

describe('the provider closes at every byte', () => {
  const answers = {
    'content-length': 'HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{"a":"bcde"}',
    chunked: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\n{"a":"\r\n6\r\nbcde"}\r\n0\r\n\r\n',
  }
  for (const [name, answer] of Object.entries(answers)) {
    for (const how of ['end', 'reset'] as const) {
      test(`${name}, ${how}`, async () => {
        let cut = 0
        const { url } = await rawServer((socket) => {
          const part = answer.slice(0, cut)
          if (how === 'end') return void socket.end(part)
          socket.write(part, () => setTimeout(() => socket.resetAndDestroy(), 2))
          if (part === '') socket.resetAndDestroy()
        })
        const { send } = transport()
        for (cut = 0; cut < answer.length; cut++) {
          const outcome = await failureOf(send(post(url)).then(({ body }) => textOf(body))).catch(
            (error: Error) => error,
          )
          const kind = outcome instanceof GatewayError ? outcome.kind : outcome.message
          const headLength = answer.indexOf('\r\n\r\n') + 4
          expect([cut, kind]).toEqual([cut, cut < headLength ? 'provider-unreachable' : 'stream-broken'])
        }
        cut = answer.length
        expect(await textOf((await send(post(url))).body)).toBe('{"a":"bcde"}')
      })
    }
  }
})

describe('compressed although nobody asked', () => {
  const text = JSON.stringify({ text: 'hällo '.repeat(5000) })
  test.each([
    ['gzip', zlib.gzipSync(text)],
    ['deflate', zlib.deflateSync(text)],
    ['br', zlib.brotliCompressSync(text)],
    ['zstd', zlib.zstdCompressSync(text)],
  ])('%s', async (encoding, packed) => {
    const { url } = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding })
      response.end(packed)
    })
    expect(await exchange(post(url))).toBe(text)
  })

  test('a stream is unpacked as it comes', async () => {
    const { url } = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const packer = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH })
      packer.pipe(response)
      packer.write('data: 1\n\n')
    })
    const { body } = await transport().send(post(url))
    const pull = pulled(body)
    expect((await pull.next()).value!.toString()).toBe('data: 1\n\n')
    body.cancel()
  })

  test.each([
    ['cut short', zlib.gzipSync(text).subarray(0, 60)],
    ['not gzip', Buffer.from('{"plain":true}')],
  ])('%s', async (_name, packed) => {
    const { url } = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(packed)
    })
    expect((await failureOf(exchange(post(url)))).kind).toBe('stream-broken')
  })

  test('broken off before anybody reads', async () => {
    const { url } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\ncontent-encoding: gzip\r\n\r\nab')
      setTimeout(() => socket.resetAndDestroy(), 20)
    })
    const { body } = await transport().send(post(url))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await failureOf(textOf(body))).kind).toBe('stream-broken')
  })

  test('an encoding nobody knows', async () => {
    const { url } = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'compress' })
      response.end('x')
    })
    expect((await failureOf(exchange(post(url)))).kind).toBe('provider-error')
  })
})

describe('a private CA', () => {
  async function privateServer() {
    const made = makeCertificates()
    const server = https.createServer({ key: made.key, cert: made.cert }, (_request, response) =>
      response.end('secure'),
    )
    return { ...made, ...(await listen(server, 'https')) }
  }

  test('unknown: refused, and the words name the way out', async () => {
    const { url } = await privateServer()
    const error = await failureOf(exchange(post(url)))
    expect(error).toMatchObject({ kind: 'provider-unreachable' })
    expect(error.message).toContain('PATCHBAY_CA_FILE')
  })

  test.each(['PATCHBAY_CA_FILE', 'SSL_CERT_FILE'])('named in %s: accepted', async (name) => {
    const { url, caFile } = await privateServer()
    expect(await exchange(post(url), { [name]: caFile })).toBe('secure')
  })

  test.each([
    ['missing', undefined, 'cannot be read (ENOENT)'],
    ['not a certificate', 'hello', 'holds no PEM certificate'],
  ])('a CA file that is %s', async (_name, content, words) => {
    const { url, folder } = await privateServer()
    const file = path.join(folder, 'other.pem')
    if (content !== undefined) fs.writeFileSync(file, content)
    expect((await failureOf(exchange(post(url), { PATCHBAY_CA_FILE: file }))).message).toContain(words)
  })
})

describe('a corporate proxy', () => {
  /** A real CONNECT and forwarding proxy that sends every name to 127.0.0.1. */
  async function proxyServer(accept = true) {
    const asked: string[] = []
    const server = http.createServer((request, response) => {
      const target = new URL(request.url ?? '')
      asked.push(`${request.method} ${target.host} ${request.headers['proxy-authorization'] ?? ''}`.trim())
      if (!accept) return void response.writeHead(407).end()
      const onward = http.request(
        {
          host: '127.0.0.1',
          port: target.port,
          path: target.pathname,
          method: request.method,
          headers: request.headers,
        },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        },
      )
      request.pipe(onward)
    })
    server.on('connect', (request, socket, head) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
      if (!accept) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
      const onward = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onward.write(head)
        onward.pipe(socket).pipe(onward)
      })
      onward.on('error', () => socket.destroy())
      socket.on('error', () => onward.destroy())
    })
    return { asked, ...(await listen(server)) }
  }

  test('https goes through a CONNECT tunnel, with the user of the proxy', async () => {
    const made = makeCertificates()
    const server = https.createServer({ key: made.key, cert: made.cert }, (_request, response) =>
      response.end('secure'),
    )
    const { port } = await listen(server)
    const proxy = await proxyServer()
    const env = { HTTPS_PROXY: `http://me:pass@127.0.0.1:${proxy.port}`, PATCHBAY_CA_FILE: made.caFile }
    expect(await exchange(post(`https://model.example:${port}/v1`), env)).toBe('secure')
    expect(proxy.asked).toEqual([`CONNECT model.example:${port} Basic ${btoa('me:pass')}`])
    const error = await failureOf(exchange(post(`https://other.example:${port}/v1`), env))
    expect(error.message).toContain(`certificate of other.example:${port} was not accepted: it belongs to another host`)
  })

  test('http is forwarded', async () => {
    const { port } = await httpServer((request, response) => response.end(request.headers.host))
    const proxy = await proxyServer()
    const env = { http_proxy: `127.0.0.1:${proxy.port}` }
    expect(await exchange(post(`http://model.example:${port}/v1`), env)).toBe(`model.example:${port}`)
    expect(proxy.asked).toEqual([`POST model.example:${port}`])
  })

  test('a proxy that refuses, or is not there, is named without its password', async () => {
    const proxy = await proxyServer(false)
    for (const scheme of ['http', 'https']) {
      const env = { ALL_PROXY: `http://me:pass@127.0.0.1:${proxy.port}` }
      const error = await failureOf(exchange(post(`${scheme}://model.example/v1`), env))
      expect(error.kind).toBe('provider-unreachable')
      expect(error.message).toBe(
        `The proxy 127.0.0.1:${proxy.port} did not let the request through to model.example: it asks for a user name and password.`,
      )
    }
    const port = await closedPort()
    const error = await failureOf(
      exchange(post('https://model.example/v1'), { HTTPS_PROXY: `http://127.0.0.1:${port}` }),
    )
    expect(error.message).toContain(`The proxy 127.0.0.1:${port} (on the way to model.example) refused`)
  })

  test('loopback is never sent through it', async () => {
    const { url } = await httpServer((_request, response) => response.end('direct'))
    expect(await exchange(post(url), { HTTP_PROXY: `http://127.0.0.1:${await closedPort()}` })).toBe('direct')
  })
})
