import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'
import { type Reply, send } from '../helpers/cases/send.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { messagesOf, sampleTexts } from '../helpers/sample-texts.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'

const messages = messagesOf(sampleTexts.TypeScript, 40, 2000)
const exact = messages.reduce((sum, text) => sum + countTokens(text) + 4, 0)
const contents = messages.map((text, index) => ({ role: index % 2 ? 'model' : 'user', parts: [{ text }] }))

/** One chat backend with a window of a million; answers with `inputTokens` as its own count. */
const answerThat = (inputTokens: number) => ({
  json: {
    id: 'c1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: 'fine' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: inputTokens, completion_tokens: 1, total_tokens: inputTokens + 1 },
  },
})
const configFor = (url: string) => ({
  version: 1,
  gateway: { clientAuth: { mode: 'none' } },
  virtualrouter: {
    providers: {
      chat: {
        type: 'openai',
        baseUrl: `${url}/v1`,
        auth: { type: 'none' },
        discovery: 'off',
        models: { m: { maxContextTokens: exact * 10 }, other: { maxContextTokens: exact * 10 } },
      },
    },
    modelMapping: { 'other*': 'chat.other' },
    routing: { default: [{ targets: ['chat.m'] }] },
  },
})

const ratioOf = ({ headers }: Reply): number =>
  Number(/ratio=([\d.]+)/.exec(String(headers['x-patchbay-context']))?.[1])

describe('token estimates, through the gateway as it is run', () => {
  test('countTokens of a long conversation is exact where the backend cannot count', async () => {
    await using provider = await startScriptedProvider(answerThat(1))
    await using gateway = await startGateway({ config: configFor(provider.url) })
    const count = async () => {
      const path = '/v1beta/models/m:countTokens'
      const { status, raw } = await send({ url: gateway.url, path, headers: {}, body: { contents } })
      return [status, JSON.parse(raw)]
    }
    // on a busy machine the first answer may be an estimate
    await expect.poll(count, { timeout: 30_000 }).toEqual([200, { totalTokens: exact }])
    expect(provider.requests).toEqual([])
  })

  test('a target that counts half as much again is judged so from the next request on, and no other', async () => {
    await using provider = await startScriptedProvider(answerThat(Math.round(exact * 1.5)))
    await using gateway = await startGateway({ config: configFor(provider.url) })
    const ratio = async (model: string) =>
      ratioOf(
        await send({
          url: gateway.url,
          path: `/v1beta/models/${model}:generateContent`,
          headers: {},
          body: { contents },
        }),
      )
    expect(await ratio('m')).toBeCloseTo(0.1, 2)
    await expect.poll(() => ratio('m')).toBeCloseTo(0.15, 2)
    expect(await ratio('other')).toBeCloseTo(0.1, 2)
  })
})
