// A provider that costs next to nothing: raw TCP, answers rendered once. Run as a process of its own.
// The model's name says what to answer: bench-n<events>-i<milliseconds between them>.
import net from 'node:net'
import { stampNow } from './clock.ts'

const filler = 'lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do '
/** Replaced by the clock just before a paced event is written. */
const stampPlace = '@0000000000000000@'

type Family = 'openai' | 'gemini'

function events(family: Family, count: number): { first: string; each: string; last: string } {
  const text = stampPlace + filler
  if (family === 'gemini') {
    const usage = { promptTokenCount: 10, candidatesTokenCount: count, totalTokenCount: count + 10 }
    const event = (part: string, finishReason?: string) =>
      `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text: part }] }, finishReason, index: 0 }], usageMetadata: usage, modelVersion: 'bench', responseId: 'bench' })}\r\n\r\n`
    return { first: '', each: event(text), last: event('', 'STOP') }
  }
  const event = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  return {
    first: event({ role: 'assistant', content: '' }, null),
    each: event({ content: text }, null),
    last: `${event({}, 'stop')}data: [DONE]\n\n`,
  }
}

function whole(family: Family): string {
  const text = filler.repeat(4)
  return JSON.stringify(
    family === 'gemini'
      ? {
          candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
          usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4, totalTokenCount: 14 },
          modelVersion: 'bench',
        }
      : {
          id: 'chatcmpl-bench',
          object: 'chat.completion',
          created: 1_700_000_000,
          model: 'bench',
          choices: [
            {
              index: 0,
              message: { role: 'assistant', content: text, refusal: null },
              logprobs: null,
              finish_reason: 'stop',
            },
          ],
          usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
        },
  )
}

const chunk = (text: string) => Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
)
const end = Buffer.from('0\r\n\r\n')
const rendered = new Map<string, Buffer>()

function burst(family: Family, count: number): Buffer {
  const key = `${family} ${count}`
  let bytes = rendered.get(key)
  if (!bytes) {
    const { first, each, last } = events(family, count)
    bytes = Buffer.concat([
      streamHead,
      ...(first ? [chunk(first)] : []),
      ...Array(count).fill(chunk(each)),
      chunk(last),
      end,
    ])
    rendered.set(key, bytes)
  }
  return bytes
}

function json(family: Family): Buffer {
  let bytes = rendered.get(family)
  if (!bytes) {
    const body = whole(family)
    bytes = Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    rendered.set(family, bytes)
  }
  return bytes
}

function pace(socket: net.Socket, family: Family, count: number, interval: number): void {
  const { first, each, last } = events(family, count)
  socket.write(first ? Buffer.concat([streamHead, chunk(first)]) : streamHead)
  let sent = 0
  const timer = setInterval(() => {
    if (sent++ < count) return void socket.write(chunk(each.replace(stampPlace, `@${stampNow()}@`)))
    clearInterval(timer)
    socket.write(Buffer.concat([chunk(last), end]))
  }, interval)
  socket.once('close', () => clearInterval(timer))
}

function answer(socket: net.Socket, path: string, body: Buffer): void {
  const family: Family = path.includes('enerateContent') ? 'gemini' : 'openai'
  const stream = family === 'gemini' ? path.includes('streamGenerateContent') : body.includes('"stream":true')
  const mark = body.indexOf('bench-n')
  const name = family === 'gemini' ? path : body.toString('latin1', Math.max(mark, 0), Math.max(mark, 0) + 60)
  const [, count = '1', interval = '0'] = /bench-n(\d+)-i(\d+)/.exec(name) ?? []
  if (!stream) socket.write(json(family))
  else if (interval === '0') socket.write(burst(family, Number(count)))
  else pace(socket, family, Number(count), Number(interval))
}

const server = net.createServer({ noDelay: true }, (socket) => {
  let pending: Buffer = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (read) => {
    pending = pending.length === 0 ? read : Buffer.concat([pending, read])
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = pending.toString('latin1', 0, headEnd)
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      if (pending.length < headEnd + 4 + length) return
      answer(
        socket,
        head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP')),
        pending.subarray(headEnd + 4, headEnd + 4 + length),
      )
      pending = pending.subarray(headEnd + 4 + length)
    }
  })
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as net.AddressInfo).port })),
)
