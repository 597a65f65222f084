import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, type Client, clients } from '../drill/clients.ts'
import { callOf } from '../helpers/callers.ts'
import { exchangesIn } from '../helpers/exchanges-in.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { headOf, openRaw } from '../helpers/raw-client.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import {
  type Answer,
  type ProviderRequest,
  type ScriptedProvider,
  startScriptedProvider,
} from '../helpers/scripted-provider.ts'

/** What one failure means for the requests after it. `npm run drill` shows what it means for its own. */

const fineFirst = modelThat(() => ({ text: 'first words of the first' }))
const fineSecond = modelThat(() => ({ text: 'first words of the second' }))
const geminiStream = clients[0]!
const openaiJson = clients[3]!

let first: ScriptedProvider
let second: ScriptedProvider
beforeAll(async () => {
  first = await startScriptedProvider(fineFirst)
  second = await startScriptedProvider(fineSecond)
})
afterAll(async () => {
  await first.close()
  await second.close()
})

/** A route `default` with a model of the first provider, then one of the second; any `first.…` can be named outright. */
async function withGateway(more: Record<string, unknown>, use: (gateway: GatewayProcess) => Promise<void>) {
  first.requests.length = 0
  second.requests.length = 0
  first.reply(fineFirst)
  second.reply(fineSecond)
  const { auth, ...router } = more
  const provider = (type: string, baseUrl: string, key: string) => ({
    type,
    baseUrl,
    auth: { type: 'apikey', secret: `env:${key}` },
    models: { '*': {} },
    discovery: 'off',
    timeouts: { idleMs: 500 },
  })
  await using gateway = await startGateway({
    config: {
      version: 1,
      virtualrouter: {
        providers: {
          first: { ...provider('openai', `${first.url}/v1`, 'FIRST_KEY'), ...(auth ? { auth } : {}) },
          second: provider('gemini', `${second.url}/v1beta`, 'SECOND_KEY'),
        },
        routing: { default: [{ targets: ['first.main', 'second.spare'] }], other: [{ targets: ['first.other'] }] },
        modelMapping: { strict: 'first.main', other: 'route:other' },
        retry: { attempts: 1 },
        ...router,
      },
    },
    env: { FIRST_KEY: 'first-key', OLD_KEY: 'old-key', SECOND_KEY: 'second-key' },
  })
  await use(gateway)
}

const askAs = (client: Client, model: string, { url, clientKey }: GatewayProcess) =>
  ask(client, model, { url, key: clientKey! })

const limited = (seconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  json: { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } },
})
const modelOf = ({ json }: ProviderRequest): string => (json as { model: string }).model

describe('a limit', () => {
  test('rests its model for the time it names, and no other model of the same key', async () => {
    await withGateway({}, async (gateway) => {
      first.reply((request) => (modelOf(request) === 'main' ? limited(3600) : fineFirst(request)))
      expect(await askAs(geminiStream, 'any', gateway)).toMatchObject({ target: 'second.spare', attempts: 2 })
      for (const client of clients) {
        expect(await askAs(client, 'any', gateway)).toMatchObject({ target: 'second.spare', attempts: 1 })
        expect(await askAs(client, 'other', gateway)).toMatchObject({ target: 'first.other', attempts: 1 })
      }
      expect(first.requests.filter((request) => modelOf(request) === 'main')).toHaveLength(1)
    })
  })

  test('is over when its time has passed, and not before', async () => {
    await withGateway({}, async (gateway) => {
      first.replyOnce(limited(1))
      expect(await askAs(openaiJson, 'any', gateway)).toMatchObject({ target: 'second.spare', attempts: 2 })
      await expect
        .poll(async () => (await askAs(openaiJson, 'any', gateway)).target, { timeout: 20_000 })
        .toBe('first.main')
      const [refused, answered] = first.requests
      expect(answered!.at - refused!.at).toBeGreaterThanOrEqual(1000)
    })
  })

  test('of a target that was named outright is told, and nobody answers in its place', async () => {
    await withGateway({}, async (gateway) => {
      first.reply(limited(3600))
      for (const client of clients) {
        const seen = await askAs(client, 'strict', gateway)
        expect(seen).toMatchObject({ status: 429, end: 'refusal', target: 'first.main', waitSeconds: 3600 })
      }
      expect(second.requests).toHaveLength(0)
    })
  })
})

describe('what counts as a failure of a target, three times in a row', () => {
  const overloaded = JSON.stringify({ error: { message: 'The engine is overloaded.', code: 503 } })
  const words = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'first' } }] })}\n\n`
  const failures: [string, Client, Answer][] = [
    ['500', openaiJson, { status: 500, json: { error: { message: 'Internal error.' } } }],
    ['an error inside 200', openaiJson, { text: overloaded, headers: { 'content-type': 'application/json' } }],
    ['an error as the first frame of a stream', geminiStream, { sse: `data: ${overloaded}\n\n` }],
    ['an error frame after words', geminiStream, { sse: `${words}data: ${overloaded}\n\n` }],
    ['a stream cut after words', geminiStream, { sse: words, cut: { at: words.length, how: 'reset' } }],
    ['silence after words', geminiStream, { sse: words, cut: { at: words.length, how: 'hang' } }],
  ]
  test.each(failures)('%s', async (_what, client, answer) => {
    await withGateway({}, async (gateway) => {
      first.reply(answer)
      for (let time = 1; time <= 3; time++) {
        await askAs(client, 'any', gateway)
        expect(first.requests).toHaveLength(time)
      }
      expect(await askAs(client, 'any', gateway)).toMatchObject({ end: 'answer', target: 'second.spare', attempts: 1 })
      expect(first.requests).toHaveLength(3)
    })
  })
})

test('clients that leave are no failures, and the provider is let go', async () => {
  await withGateway({}, async (gateway) => {
    first.reply((request) => ({ ...fineFirst(request), split: 200, gapMs: 200 }))
    for (let time = 1; time <= 4; time++) {
      const { path, headers, body } = callOf('gemini', 'any', { key: gateway.clientKey!, stream: true })
      const text = JSON.stringify(body)
      const client = await openRaw(gateway.url)
      await client.write(headOf(gateway.url, { path, headers: { ...headers, 'content-length': text.length } }) + text)
      await client.until('"first')
      client.socket.destroy()
      const request = first.requests.at(-1)!
      // a second is what users are promised; a busy machine gets more
      await expect.poll(() => request.aborted, { timeout: 5000 }).toBe(true)
    }
    first.reply(fineFirst)
    expect(await askAs(geminiStream, 'any', gateway)).toMatchObject({ target: 'first.main', attempts: 1 })
    expect(second.requests).toHaveLength(0)
    await expect.poll(() => exchangesIn(gateway).length).toBe(5)
    expect(exchangesIn(gateway).map((line) => line['error.type'])).toEqual([...Array(4).fill('client-gone'), undefined])
    expect(exchangesIn(gateway).every((line) => line.level === 'info')).toBe(true)
  })
})

test('a refused key is not asked again, for any model, while its neighbour answers', async () => {
  const auth = [
    { alias: 'old', type: 'apikey', secret: 'env:OLD_KEY' },
    { alias: 'new', type: 'apikey', secret: 'env:FIRST_KEY' },
  ]
  await withGateway({ auth }, async (gateway) => {
    const refusal = { status: 401, json: { error: { message: 'Incorrect API key.', code: 'invalid_api_key' } } }
    first.reply((request) => (request.headers.authorization === 'Bearer old-key' ? refusal : fineFirst(request)))
    expect(await askAs(geminiStream, 'any', gateway)).toMatchObject({ end: 'answer', attempts: 2 })
    for (const client of clients) {
      for (const model of ['any', 'other']) {
        const seen = await askAs(client, model, gateway)
        expect(seen).toMatchObject({ end: 'answer', target: expect.stringMatching(/^first\[new\]\./), attempts: 1 })
      }
    }
    expect(second.requests).toHaveLength(0)
  })
})

test('every attempt sends the original request, and there are no more than the config says', async () => {
  await withGateway({ retry: { attempts: 2 } }, async (gateway) => {
    first.reply({ status: 500, json: { error: { message: 'Internal error.' } } })
    second.reply({ status: 500, json: { error: { message: 'Internal error.', status: 'INTERNAL' } } })
    const seen = await askAs(openaiJson, 'any', gateway)
    expect(seen).toMatchObject({ status: 503, end: 'refusal', attempts: 4 })
    // the last failure speaks, and names who else was asked
    expect(seen.words).toMatch(/second failed on spare \(500\).*Also tried: first\.main \(provider-error\)/)
    for (const { requests } of [first, second]) {
      expect(requests).toHaveLength(2)
      expect(requests[0]!.body).toContain('"hello"')
      expect(requests[1]!.body).toBe(requests[0]!.body)
    }
  })
})
