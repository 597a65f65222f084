import http from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GatewayError } from '../../../../src-core/model/error.ts'
import type { StreamEvent } from '../../../../src-core/model/event.ts'
import { codec, wireOf } from './support.ts'

const events: StreamEvent[] = [
  { type: 'response-start', id: 'r', model: 'm' },
  { type: 'text-delta', text: 'Žlutá ' },
  { type: 'text-delta', text: 'pravda 😀' },
  { type: 'tool-call', id: 'a', name: 'f', args: { city: 'Рома' } },
  { type: 'tool-call', id: 'b', name: 'g', args: {} },
  { type: 'usage', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } },
  { type: 'response-end', reason: { unified: 'tool-calls' } },
]

/** Answers as the data port would, with the codec's own words. */
const server = http.createServer(async (incoming, response) => {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  const request = codec.decodeRequest(wireOf(Buffer.concat(pieces).toString()))
  const context = { request, now: 1, id: 'x' }
  if (request.model === 'busy') {
    const error = codec.encodeError(
      new GatewayError('rate-limited', 'Slow down.', { wait: { ms: 1500, from: 'body' } }),
    )
    response.writeHead(error.status, error.headers).end(error.body)
  } else if (request.stream) {
    const encoder = codec.encodeStream(context)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(codec.keepAlive)
    if (request.model === 'breaks') {
      response.write(encoder.write(events.slice(0, 2)))
      response.end(codec.encodeError(new GatewayError('stream-broken', 'It broke.')).inStream)
    } else response.end(encoder.write(events) + encoder.end())
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(codec.encodeResponse(events, context))
  }
})

let client: OpenAI

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = new OpenAI({ apiKey: 'k', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 })
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

const messages = [{ role: 'user' as const, content: 'x' }]
const message = {
  content: 'Žlutá pravda 😀',
  tool_calls: [
    { id: 'a', type: 'function', function: { name: 'f', arguments: '{"city":"Рома"}' } },
    { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
  ],
}

test('OpenAI’s own client puts our stream together', async () => {
  const stream = client.chat.completions.stream({ model: 'm', messages, stream_options: { include_usage: true } })
  const whole = await stream.finalChatCompletion()
  expect(whole).toMatchObject({ id: 'chatcmpl-x', model: 'm', choices: [{ message, finish_reason: 'tool_calls' }] })
  expect(whole.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 })
})

test('and reads our whole answer', async () => {
  const whole = await client.chat.completions.create({ model: 'm', messages })
  expect(whole).toMatchObject({ choices: [{ message, finish_reason: 'tool_calls' }], usage: { total_tokens: 5 } })
})

test('it throws our words when a stream breaks, and does not take it for an end', async () => {
  const stream = await client.chat.completions.create({ model: 'breaks', messages, stream: true })
  let text = ''
  await expect(async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  }).rejects.toThrow('It broke.')
  expect(text).toBe('Žlutá ')
})

test('it knows our refusals by their class, code and wait', async () => {
  const failure = client.chat.completions.create({ model: 'busy', messages })
  await expect(failure).rejects.toBeInstanceOf(OpenAI.RateLimitError)
  await expect(failure).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' })
})
