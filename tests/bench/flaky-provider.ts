import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { chatAnswer, chatStream, geminiAnswer, geminiStream } from '../helpers/answers.ts'
import type { Answer } from '../helpers/scripted-provider.ts'

export interface FlakyOptions {
  /** How many targets there are, each under a path of its own: `/t0`, `/t1` … */
  targets: number
  /** How many of them fail at any moment. */
  failing: number
  /** Others fail after so many requests. */
  redrawAfter: number
  /** The answer's words, and the pause after each event of a stream. */
  text: string
  gapMs: number
  random: () => number
}

export interface FlakyProvider {
  url: string
  /** Requests that were failed on purpose. */
  failed(): number
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Many targets at one socket of which some fail, now these and now those, always before the first word. */
export async function startFlakyProvider(options: FlakyOptions): Promise<FlakyProvider> {
  const { targets, failing, redrawAfter, text, gapMs, random } = options
  const chat = formsOf(chatAnswer({ text }), chatStream({ text }))
  const gemini = formsOf(geminiAnswer({ text }), geminiStream({ text }))
  let down = draw(targets, failing, random)
  let asked = 0
  let failed = 0

  const server = http.createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const path = request.url ?? ''
      const isGemini = path.includes('enerateContent')
      const stream = isGemini ? path.includes(':stream') : Buffer.concat(pieces).includes('"stream":true')
      const forms = isGemini ? gemini : chat
      if (++asked % redrawAfter === 0) down = draw(targets, failing, random)
      if (down.has(Number(/^\/t(\d+)\//.exec(path)?.[1]))) {
        failed++
        failures[Math.floor(random() * failures.length)]!(response, stream)
      } else if (stream) void speak(response, forms.events, gapMs)
      else whole(response, 200, forms.whole)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failed: () => failed,
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface Forms {
  whole: string
  events: string[]
}

function formsOf({ json }: Answer, { sse }: Answer): Forms {
  return { whole: JSON.stringify(json), events: String(sse).split(/(?<=\n\r?\n)/) }
}

function draw(targets: number, count: number, random: () => number): Set<number> {
  const drawn = new Set<number>()
  while (drawn.size < count) drawn.add(Math.floor(random() * targets))
  return drawn
}

function whole(
  response: http.ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

async function speak(response: http.ServerResponse, events: readonly string[], gapMs: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (gapMs === 0) return void response.end(events.join(''))
  for (const event of events) {
    if (response.destroyed) return
    response.write(event)
    await wait(gapMs)
  }
  response.end()
}

const error = JSON.stringify({ error: { message: 'The engine is overloaded.', code: 503 } })
const limit = JSON.stringify({ error: { message: 'Rate limit reached.', code: 'rate_limit_exceeded' } })

/** Every way to fail before the first word. */
const failures: ((response: http.ServerResponse, stream: boolean) => void)[] = [
  (response) => whole(response, 500, error),
  (response) => whole(response, 503, error),
  (response) => whole(response, 429, limit, { 'retry-after': '1' }),
  (response) => void response.socket?.resetAndDestroy(),
  (response, stream) =>
    stream
      ? response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${error}\n\n`)
      : whole(response, 200, error),
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': thinking\n\n')
    setImmediate(() => response.socket?.resetAndDestroy())
  },
]
