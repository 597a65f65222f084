import net from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { chatAnswer, chatStream, geminiAnswer, geminiStream } from '../helpers/answers.ts'
import { type Reply, send } from '../helpers/cases/send.ts'
import {
  callOf,
  checkRefusal,
  checkWords,
  type Dialect,
  dialects,
  type HostileRig,
  hostileConfig,
  providerKey,
  startHostileRig,
} from '../helpers/hostile-rig.ts'
import type { Answer } from '../helpers/scripted-provider.ts'

const said = { text: 'It is fine.' }
let rig: HostileRig
/** What a raw service answers to any request, byte for byte. */
let rawAnswer: Buffer = Buffer.alloc(0)
const rawService = net.createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => socket.end(rawAnswer))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => rawService.listen(0, '127.0.0.1', resolve))
  const { port } = rawService.address() as net.AddressInfo
  rig = await startHostileRig(chatAnswer(said))
  const own = hostileConfig(rig.provider)
  const raw = hostileConfig({ url: `http://127.0.0.1:${port}` })
  const { providers } = own.virtualrouter
  providers.rawchat = raw.virtualrouter.providers.chat!
  providers.rawgem = raw.virtualrouter.providers.gem!
  own.virtualrouter.modelMapping = {
    'raw-chat': 'rawchat.*',
    'raw-gemini': 'rawgem.*',
    ...own.virtualrouter.modelMapping,
  }
  rig.gateway.writeConfig(own)
  await vi.waitFor(() => expect(rig.gateway.stderr()).toContain('config in force'), { timeout: 5000 })
})
afterEach(() => rig.checkUnharmed())
afterAll(async () => {
  await rig.close()
  rawService.close()
})

async function ask(dialect: Dialect, model: string, stream = false): Promise<Reply> {
  const { path, headers, body } = callOf(dialect, model, { key: rig.gateway.clientKey!, stream })
  return send({ url: rig.gateway.url, path, headers, body })
}

type Kind = 'chat' | 'gemini'
const whole: Record<Kind, Answer> = { chat: chatAnswer(said), gemini: geminiAnswer(said) }
const streamed: Record<Kind, Answer> = { chat: chatStream(said), gemini: geminiStream(said) }

/** Who asks, in which form, and what kind of service answers. */
const roads = dialects.flatMap((dialect) =>
  (['chat', 'gemini'] as const).flatMap((kind) =>
    [false, true].map((stream) => ({ dialect, kind, stream, model: `${kind}-m` })),
  ),
)
const label = '$dialect to $kind, stream: $stream'

/** However an answer ends: a refusal in words, or an answer with an end; a stream may also fail in words after content. */
function checkOutcome(dialect: Dialect, stream: boolean, reply: Reply): 'answered' | 'refused' | 'failed' {
  const { raw } = reply
  expect(raw).not.toContain(providerKey)
  expect(reply.aborted, raw).toBe(false)
  if (reply.status !== 200) {
    checkRefusal(dialect, reply, [400, 403, 429, 502, 503, 504])
    return 'refused'
  }
  if (!stream) {
    const body = JSON.parse(raw) as { error?: { message: string } }
    if (body.error) checkWords(body.error.message)
    return body.error ? 'failed' : 'answered'
  }
  const failure = /(?:^|\n)(?:data: )?(\{"error":\{.*\})/.exec(raw)?.[1]
  const ended = dialect === 'openai' ? raw.includes('[DONE]') : /"finishReason":/.test(raw)
  if (failure === undefined) {
    expect(ended, raw).toBe(true)
    return 'answered'
  }
  expect(ended, raw).toBe(false)
  checkWords((JSON.parse(failure) as { error: { message: string } }).error.message)
  return 'failed'
}

const http200 = (headers: string, body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\nconnection: close\r\n\r\n`), Buffer.from(body)])
const textOf = ({ json, sse }: Answer): string => (json === undefined ? String(sse) : JSON.stringify(json))

describe('a service that hangs up at every byte', () => {
  test.each(roads)(label, async ({ dialect, kind, stream }) => {
    const body = textOf(stream ? streamed[kind] : whole[kind])
    const type = `content-type: ${stream ? 'text/event-stream' : 'application/json'}`
    const length = `content-length: ${Buffer.byteLength(body)}`
    const full = http200(`${type}\r\n${length}`, body)
    const outcomes: Record<string, number> = { answered: 0, refused: 0, failed: 0 }
    // every position of a JSON body and of the head; of a stream's many frames every seventh
    for (let cut = 0; cut < full.length; cut += stream ? 7 : 1) {
      rawAnswer = full.subarray(0, cut)
      const reply = await ask(dialect, `raw-${kind}`, stream)
      const outcome = checkOutcome(dialect, stream, reply)
      outcomes[outcome]!++
      // what was cut is never taken for whole, unless its end had been said
      if (outcome === 'answered') expect(stream, `cut at ${cut} of ${full.length}: ${reply.raw}`).toBe(true)
    }
    expect(outcomes.refused).toBeGreaterThan(10)
    if (stream) expect(outcomes.failed).toBeGreaterThan(3)
    rawAnswer = full
    expect(checkOutcome(dialect, stream, await ask(dialect, `raw-${kind}`, stream))).toBe('answered')
  })
})

describe('answers that are none', () => {
  const error = { error: { message: `Incorrect API key provided: ${providerKey}.`, code: 'invalid_api_key' } }
  const nothings: [string, Answer, number | number[]][] = [
    ['a web page', { text: '<html><title>Login</title></html>', headers: { 'content-type': 'text/html' } }, 503],
    ['a web page called JSON', { text: '<!doctype html>', headers: { 'content-type': 'application/json' } }, 503],
    [
      'a web page with a failure',
      { status: 502, text: '<html><h1>Bad Gateway</h1></html>', headers: { 'content-type': 'text/html' } },
      503,
    ],
    ['an empty body', { text: '' }, [502, 503]],
    ['204', { status: 204, text: '' }, [502, 503]],
    ['205', { status: 205, text: '' }, [502, 503]],
    ['blanks', { text: ' \n\n \n' }, [502, 503]],
    ['no JSON', { text: 'oops' }, [502, 503]],
    ['half JSON', { text: '{"choices":[' }, [502, 503]],
    ['other JSON', { json: { hello: 'there' } }, [502, 503]],
    ['a JSON list', { json: [] }, [502, 503]],
    ['null', { json: null }, [502, 503]],
    ['an error inside 200', { json: { error: { message: 'The engine is on fire.', code: 500 } } }, 503],
    ['an error as a text inside 200', { json: { error: 'The engine is on fire.' } }, 503],
    ['the key inside 200', { json: error }, 403],
    ['the key in a 401', { status: 401, json: error }, 403],
    ['the key in a 400', { status: 400, json: { error: { message: `Bad header: Bearer ${providerKey}` } } }, 400],
    [
      'a stream that begins with an error',
      { sse: `data: ${JSON.stringify({ error: { message: 'The engine is on fire.', code: 500 } })}\n\n` },
      503,
    ],
    [
      'an error event',
      { sse: `event: error\ndata: ${JSON.stringify({ error: { message: 'The engine is on fire.', code: 500 } })}\n\n` },
      503,
    ],
    ['only comments', { sse: ': ping\n\n: ping\n\n: ping\n\n' }, [502, 503]],
    ['only [DONE]', { sse: 'data: [DONE]\n\n' }, [502, 503]],
    ['frames that are no JSON', { sse: 'data: hello\n\ndata: there\n\n' }, [502, 503]],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere?secret=1' }, text: '' }, 503],
    ['a redirect to nowhere', { status: 307, text: '' }, 503],
    ['304', { status: 304, text: '' }, 503],
    ['599', { status: 599, text: 'odd' }, 503],
    ['a compression nobody knows', { headers: { 'content-encoding': 'lzma' }, json: whole.chat.json }, [502, 503]],
    ['a compression that is none', { headers: { 'content-encoding': 'gzip' }, json: whole.chat.json }, [502, 503]],
    ['no answer in time', { delayMs: 5000, json: {} }, 504],
    ['headers, then nothing', { firstByteMs: 5000, json: {} }, 504],
    ['headers, then nothing, ever', { text: 'x'.repeat(10), cut: { at: 0, how: 'hang' } }, 504],
  ]
  test.concurrent.each(nothings)('%s', async (_what, answer, status) => {
    // each case has its own model, so that they can be asked side by side
    const id = `x${nothings.findIndex(([, known]) => known === answer)}`
    answers.set(id, answer)
    rig.provider.reply(({ path, json }) => {
      const model = (json as { model?: string }).model ?? /models\/([^:]+)/.exec(path)?.[1] ?? ''
      return answers.get(model.split('-')[1] ?? '') ?? chatAnswer(said)
    })
    await Promise.all(
      roads.map(async ({ dialect, kind, stream }) => {
        const reply = await ask(dialect, `${kind}-${id}`, stream)
        const words = checkRefusal(dialect, reply, status)
        expect(words).not.toContain('secret=1')
        expect(words.toLowerCase()).toMatch(/chat|gem|127\.0\.0\.1/) // whose fault it was
      }),
    )
  })
  const answers = new Map<string, Answer>()
})

describe('streams that go wrong after content', () => {
  const first = (kind: Kind): string => `${String(streamed[kind].sse).split(/\r?\n\r?\n/)[kind === 'chat' ? 1 : 0]}\n\n`
  const ends: [string, (kind: Kind) => Answer][] = [
    [
      'an error frame',
      (kind) => ({ sse: `${first(kind)}data: {"error":{"message":"The engine is on fire.","code":500}}\n\n` }),
    ],
    ['a reset', (kind) => ({ sse: `${first(kind)}data: {"x`, cut: { at: first(kind).length, how: 'reset' } })],
    ['silence', (kind) => ({ sse: first(kind), cut: { at: first(kind).length, how: 'hang' } })],
    ['an end without an end', (kind) => ({ sse: first(kind) })],
    ['half a frame', (kind) => ({ sse: `${first(kind)}data: {"choices":[{"delta":{"con` })],
    ['frames that are no JSON', (kind) => ({ sse: `${first(kind)}data: oops\n\n` })],
  ]
  test.each(ends)('%s: the caller hears of it', async (_what, answer) => {
    rig.provider.reply(({ path }) => answer(path.includes('/models/') ? 'gemini' : 'chat'))
    const outcomes = await Promise.all(
      roads
        .filter(({ stream }) => stream)
        .map(async ({ dialect, model }) => {
          const reply = await ask(dialect, model, true)
          expect(reply.status).toBe(200)
          return checkOutcome(dialect, true, reply)
        }),
    )
    expect(outcomes).toEqual(outcomes.map(() => 'failed'))
  })
})

describe('odd, and yet an answer', () => {
  const crlf = (text: string) => text.replaceAll(/\r?\n/g, '\r\n')
  const oddities: [string, (kind: Kind) => Answer][] = [
    ['CRLF', (kind) => ({ sse: crlf(String(streamed[kind].sse)) })],
    ['no space after the colon', (kind) => ({ sse: String(streamed[kind].sse).replaceAll('data: ', 'data:') })],
    [
      'comments and other fields between',
      (kind) => ({ sse: String(streamed[kind].sse).replaceAll('data: ', ': ping\nid: 7\nretry: 10\ndata: ') }),
    ],
    ['a byte at a time', (kind) => ({ ...streamed[kind], split: 1 })],
    ['a byte order mark', (kind) => ({ sse: `\ufeff${String(streamed[kind].sse)}` })],
    ['gzip', (kind) => ({ sse: gzipSync(String(streamed[kind].sse)), headers: { 'content-encoding': 'gzip' } })],
    ['no content type', (kind) => ({ sse: streamed[kind].sse!, headers: { 'content-type': '' } })],
    [
      'many headers',
      (kind) => ({
        ...streamed[kind],
        headers: Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`x-${at}`, 'y'.repeat(100)])),
      }),
    ],
    ['JSON where a stream was asked for', (kind) => whole[kind]],
  ]
  test.each(oddities)('%s', async (_what, answer) => {
    rig.provider.reply(({ path }) => answer(path.includes('/models/') ? 'gemini' : 'chat'))
    for (const { dialect, model, stream } of roads) {
      if (!stream) continue
      const reply = await ask(dialect, model, true)
      expect(checkOutcome(dialect, true, reply), reply.raw).toBe('answered')
      const text = [...reply.raw.matchAll(/"(?:content|text)":"([^"]*)"/g)].map(([, piece]) => piece).join('')
      expect(text).toBe(said.text)
    }
  })
})

describe('HTTP at its edges', () => {
  const chunked = 'content-type: application/json\r\ntransfer-encoding: chunked'
  const body = textOf(whole.chat)
  const type = 'content-type: application/json'
  const proper = http200(`${type}\r\ncontent-length: ${body.length}`, body)
  const cases: [string, Buffer, 'answered' | 'refused'][] = [
    [
      '102 and 103 before the answer',
      Buffer.concat([
        Buffer.from('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'),
        proper,
      ]),
      'answered',
    ],
    ['no length: the end of the connection ends it', http200(type, body), 'answered'],
    ['HTTP/1.0', Buffer.from(proper.toString().replace('HTTP/1.1', 'HTTP/1.0')), 'answered'],
    ['more than was announced', http200(`${type}\r\ncontent-length: ${body.length}`, `${body}{"more":1}`), 'answered'],
    ['less than was announced', http200(`${type}\r\ncontent-length: ${body.length + 9}`, body), 'refused'],
    ['chunks that are none', http200(chunked, `zz\r\n${body}\r\n0\r\n\r\n`), 'refused'],
    ['a chunk longer than it says', http200(chunked, `5\r\n${body}\r\n0\r\n\r\n`), 'refused'],
    ['a chunk that never ends', http200(chunked, `ffff\r\n${body}`), 'refused'],
    ['no last chunk', http200(chunked, `${body.length.toString(16)}\r\n${body}\r\n`), 'refused'],
    ['a megabyte of headers', http200(`${type}\r\nx-long: ${'y'.repeat(1024 * 1024)}`, body), 'refused'],
    ['a status that is none', Buffer.from('HTTP/1.1 abc Hello\r\n\r\n'), 'refused'],
    ['another protocol', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'refused'],
    ['TLS', Buffer.from('\x15\x03\x01\x00\x02\x02\x46', 'latin1'), 'refused'],
    ['only an early hint', Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'), 'refused'],
    [
      'an upgrade',
      Buffer.from('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
      'refused',
    ],
    ['100 that nobody asked for', Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), proper]), 'refused'],
    ['nothing', Buffer.alloc(0), 'refused'],
  ]
  test.each(cases)('%s', async (_what, bytes, expected) => {
    rawAnswer = bytes
    for (const dialect of dialects) {
      const reply = await ask(dialect, 'raw-chat')
      expect(checkOutcome(dialect, false, reply), reply.raw).toBe(expected)
    }
  })
})
