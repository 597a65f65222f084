import { expect, test } from 'vitest'
import type { RouteNote } from '../../../src-core/model/event.ts'
import { plainDialect, type Target } from '../../../src-core/model/target.ts'
import type { RawRequest } from '../../../src-core/providers/call-raw.ts'
import { createEmbed } from '../../../src-core/providers/embed.ts'

const note: RouteNote = { route: 'direct', because: [], target: 't.e', model: 'e', attempts: 1, context: 'safe' }

/** One embeddings call; what the provider was asked, and what the client got. */
async function embed(call: {
  from: 'gemini-chat' | 'openai-chat'
  to: 'gemini-chat' | 'openai-chat'
  body: object
  answer: string
  envelope?: 'code-assist'
}) {
  const asked: RawRequest[] = []
  const told: RouteNote[] = []
  const target: Target = {
    id: 't.e',
    provider: 't',
    credential: 'default',
    model: 'e',
    protocol: call.to,
    envelope: call.envelope ?? 'none',
    maxContextTokens: 8000,
    limitFrom: 'config',
    dialect: plainDialect,
  }
  const answer = await createEmbed({
    async callRaw(_where, request) {
      asked.push(request)
      return { status: 200, headers: {}, body: Buffer.from(call.answer) }
    },
    pick(_model, routed) {
      routed(note)
      return target
    },
  })(
    {
      id: '1',
      protocol: call.from,
      envelope: 'none',
      path: '/v1/embeddings',
      headers: {},
      body: Buffer.from(JSON.stringify(call.body)),
    },
    call.from === 'gemini-chat' ? 'named' : undefined,
    (remark) => void told.push(remark),
    new AbortController().signal,
  )
  const { path, body } = asked[0]!
  return { path, body: JSON.parse(String(body)), answer: Buffer.isBuffer(answer) ? String(answer) : answer, told }
}

test('between two of the OpenAI kind only the model changes, and the answer keeps its bytes', async () => {
  const body = { model: 'named', input: [[1, 2]], encoding_format: 'base64', user: 'u' }
  const answer = '{"data": [{"embedding":"AACAPw=="}],  "extra":1}'
  expect(await embed({ from: 'openai-chat', to: 'openai-chat', body, answer })).toEqual({
    path: '/embeddings',
    body: { ...body, model: 'e' },
    answer,
    told: [note],
  })
})

test('between two of the Gemini kind too', async () => {
  const body = { content: { parts: [{ text: 'x' }] }, taskType: 'CLUSTERING' }
  const answer = '{"embedding":{"values":[1]},"extra":1}'
  expect(await embed({ from: 'gemini-chat', to: 'gemini-chat', body, answer })).toMatchObject({
    path: '/models/e:embedContent',
    body: { ...body, model: 'models/e' },
    answer,
  })
})

test('an OpenAI client asks a Gemini backend', async () => {
  const body = { model: 'named', input: 'x', encoding_format: 'base64' }
  const answer = '{"embeddings":[{"values":[1]}]}'
  expect(await embed({ from: 'openai-chat', to: 'gemini-chat', body, answer })).toMatchObject({
    path: '/models/e:batchEmbedContents',
    answer: { model: 'named', data: [{ embedding: 'AACAPw==' }] },
  })
})

test.each(['openai-chat', 'gemini-chat'] as const)(
  'a web page from a %s backend is that backend’s fault',
  async (to) => {
    const call = embed({ from: 'openai-chat', to, body: { model: 'm', input: 'x' }, answer: '<html>' })
    await expect(call).rejects.toMatchObject({ kind: 'provider-error', target: 't.e' })
  },
)

test('Code Assist offers none', async () => {
  const body = { content: { parts: [{ text: 'x' }] } }
  const asking = embed({ from: 'gemini-chat', to: 'gemini-chat', body, answer: '{}', envelope: 'code-assist' })
  await expect(asking).rejects.toMatchObject({ kind: 'unsupported', message: expect.stringContaining('no embeddings') })
})
