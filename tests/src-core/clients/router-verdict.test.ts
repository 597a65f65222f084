import { describe, expect, test } from 'vitest'
import { withRouterVerdict } from '../../../src-core/clients/router-verdict.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { Generate } from '../../../src-core/model/generate.ts'
import type { Conversation, ModelRequest } from '../../../src-core/model/request.ts'
import { hear } from '../../helpers/answer-steps.ts'

function routerCall(wanted: 'complexity_score' | 'model_choice' = 'complexity_score'): ModelRequest {
  const conversation: Conversation = {
    system: [],
    messages: [],
    tools: [],
    serverTools: [],
    generation: {},
    output: { type: 'json-schema', schema: { type: 'object', properties: { [wanted]: {} } } },
    extensions: {},
  }
  return {
    protocol: 'gemini-chat',
    model: 'gemini-3.5-flash-lite',
    stream: false,
    wire: { id: 'x1', protocol: 'gemini-chat', envelope: 'none', path: '', headers: {}, body: Buffer.alloc(0) },
    traits: { bytes: 0, tools: false, media: false, helper: 'router-verdict' },
    conversation: async () => conversation,
  }
}

const says =
  (text: string): Generate =>
  async () => ({ first: { events: [{ type: 'text-delta', text }], wire: Buffer.from(text) } })

async function answer(generate: Generate, request = routerCall(), signal?: AbortSignal) {
  const { chunks, text, notes, error } = await hear((caller) => withRouterVerdict(generate)(request, caller), signal)
  return { text, notes, error, relayed: chunks.some((chunk) => chunk.wire) }
}

describe('the router call of the Gemini CLI', () => {
  test('a usable verdict passes as it is', async () => {
    const verdict = '{"complexity_reasoning":"hard","complexity_score":95}'
    expect(await answer(says(verdict))).toMatchObject({ text: verdict, relayed: true })
  })

  test.each([
    [
      'words around it',
      'Sure! {"complexity_score": 12, "complexity_reasoning": "x"} Done.',
      { complexity_score: 12, complexity_reasoning: 'x' },
    ],
    ['a fence', '```json\n{"complexity_score":7}\n```', { complexity_score: 7 }],
  ])('%s is peeled off', async (_name, text, verdict) => {
    const result = await answer(says(text))
    expect(JSON.parse(result.text)).toEqual(verdict)
    expect(result.relayed).toBe(false)
  })

  test.each([
    ['prose', 'I think it is hard.'],
    ['empty', ''],
    ['another shape', '{"answer":1}'],
    ['a score out of range', '{"complexity_score":1000}'],
    ['broken JSON', '{"complexity_score":'],
  ])('%s becomes a neutral verdict', async (_name, text) => {
    expect(JSON.parse((await answer(says(text))).text)).toMatchObject({ complexity_score: 50 })
  })

  test('an error becomes a neutral verdict and is remembered', async () => {
    const failing: Generate = async (_request, { note }) => {
      note({ type: 'attempt', target: 'a.b', attempt: 1 })
      throw new GatewayError('rate-limited', 'Azure says wait.')
    }
    const { text, notes } = await answer(failing, routerCall('model_choice'))
    expect(JSON.parse(text)).toMatchObject({ model_choice: 'flash' })
    expect(notes.map(({ type }) => type)).toEqual(['attempt', 'dropped'])
    expect(JSON.stringify(notes)).toContain('Azure says wait.')
  })

  test('a client that left gets no verdict', async () => {
    const leave = new AbortController()
    const failing: Generate = async () => {
      leave.abort()
      throw new GatewayError('client-gone', 'gone')
    }
    expect((await answer(failing, routerCall(), leave.signal)).error?.kind).toBe('client-gone')
  })

  test('every other request is left alone', async () => {
    const request = { ...routerCall(), traits: { bytes: 0, tools: false, media: false } }
    expect(await answer(says('prose'), request)).toMatchObject({ text: 'prose', relayed: true })
  })
})
