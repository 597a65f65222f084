import { GoogleGenAI, Type } from '@google/genai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { geminiGate, openaiGate } from '../helpers/provider-gates.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { type ProviderRequest, type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

/** Answers the last user text; asks for the weather tool first when one is offered. */
const talk = modelThat(({ results, request }) => {
  if (results.length > 0) return { text: `It is ${/\d+/.exec(results.join())?.[0]} degrees.` }
  return request.body.includes('get_weather')
    ? { calls: [{ id: 'call-1', name: 'get_weather', args: { city: 'Žilina' } }] }
    : { reasoning: 'hm', text: 'Hello there, grüße 🚀.' }
})

function geminiService(request: ProviderRequest) {
  if (request.path.includes(':batchEmbedContents')) return { json: { embeddings: [{ values: [0.5, -1] }] } }
  if (request.path.includes(':embedContent')) return { json: { embedding: { values: [0.5, -1] } } }
  return talk(request)
}

function openaiService(request: ProviderRequest) {
  if (!request.path.endsWith('/embeddings')) return talk(request)
  const { encoding_format: format } = request.json as { encoding_format?: string }
  const embedding = format === 'base64' ? 'AAAAPwAAgL8=' : [0.5, -1]
  const data = [{ object: 'embedding', index: 0, embedding }]
  return { json: { object: 'list', model: 'e', data, usage: { prompt_tokens: 2, total_tokens: 2 } } }
}

const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

let gemini: ScriptedProvider
let openai: ScriptedProvider
let gateway: GatewayProcess

beforeAll(async () => {
  gemini = await startScriptedProvider(geminiService, geminiGate('key-g'))
  openai = await startScriptedProvider(openaiService, openaiGate('key-o'))
  const provider = (type: string, baseUrl: string, name: string) => ({
    type,
    baseUrl,
    auth: { type: 'apikey', secret: `env:${name}` },
    models: { 'chat-1': { maxContextTokens: 100_000 }, 'embed-1': {} },
    discovery: 'off',
  })
  gateway = await startGateway({
    env: { KEY_G: 'key-g', KEY_O: 'key-o' },
    config: {
      version: 1,
      virtualrouter: {
        providers: {
          native: provider('gemini', `${gemini.url}/v1beta`, 'KEY_G'),
          foreign: provider('openai', `${openai.url}/v1`, 'KEY_O'),
        },
        routing: { default: [{ targets: ['native.chat-1'] }] },
      },
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await gemini?.close()
  await openai?.close()
})

const genai = (more: { vertexai?: boolean } = {}): GoogleGenAI =>
  new GoogleGenAI({ apiKey: gateway.clientKey!, httpOptions: { baseUrl: gateway.url }, ...more })
const chat = (): OpenAI => new OpenAI({ apiKey: gateway.clientKey!, baseURL: `${gateway.url}/v1`, maxRetries: 0 })

// A model that names its target outright chooses the backend: native speaks Gemini, foreign speaks Chat.
describe.each(['native.chat-1', 'foreign.chat-1'])('@google/genai asks %s', (model) => {
  test('generateContent', async () => {
    const answer = await genai().models.generateContent({ model, contents: 'hello' })
    expect(answer.text).toBe('Hello there, grüße 🚀.')
    expect(answer.usageMetadata).toMatchObject({ promptTokenCount: 100, totalTokenCount: 120 })
    expect(answer.candidates?.[0]?.finishReason).toBe('STOP')
  })

  test('generateContentStream', async () => {
    const texts: string[] = []
    for await (const chunk of await genai().models.generateContentStream({ model, contents: 'hello' })) {
      texts.push(chunk.text ?? '')
    }
    expect(texts.join('')).toBe('Hello there, grüße 🚀.')
    expect(texts.length).toBeGreaterThan(2)
  })

  test('a tool round trip in a chat', async () => {
    const parameters = { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] }
    const tools = [{ functionDeclarations: [{ name: 'get_weather', description: 'weather of a city', parameters }] }]
    const session = genai().chats.create({ model, config: { tools } })
    const first = await session.sendMessage({ message: 'how warm is it' })
    const [call] = first.functionCalls ?? []
    expect(call).toMatchObject({ name: 'get_weather', args: { city: 'Žilina' }, id: 'call-1' })
    const response = { output: '21' }
    const second = await session.sendMessage({
      message: { functionResponse: { id: call!.id!, name: call!.name!, response } },
    })
    expect(second.text).toBe('It is 21 degrees.')
  })

  test('countTokens', async () => {
    const counted = await genai().models.countTokens({ model, contents: 'a few words to count' })
    expect(counted.totalTokens).toBeGreaterThan(0)
  })

  test('embedContent', async () => {
    const embedded = await genai().models.embedContent({ model: model.replace('chat', 'embed'), contents: 'words' })
    expect(embedded.embeddings?.map(({ values }) => values)).toEqual([[0.5, -1]])
  })

  test('Vertex paths', async () => {
    const answer = await genai({ vertexai: true }).models.generateContent({ model, contents: 'hello' })
    expect(answer.text).toBe('Hello there, grüße 🚀.')
  })
})

describe.each(['native.chat-1', 'foreign.chat-1'])('openai asks %s', (model) => {
  const messages = [{ role: 'user' as const, content: 'hello' }]
  const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: weather } }]

  test('chat.completions', async () => {
    const answer = await chat().chat.completions.create({ model, messages })
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Hello there, grüße 🚀.' },
    })
    expect(answer.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 })
  })

  test('chat.completions, streamed', async () => {
    const stream = chat().chat.completions.stream({ model, messages, stream_options: { include_usage: true } })
    const whole = await stream.finalChatCompletion()
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello there, grüße 🚀.' } })
    expect(whole.usage).toMatchObject({ total_tokens: 120 })
  })

  test.each([false, true])('a tool round trip, streamed: %s', async (stream) => {
    const asked = stream
      ? (await chat().chat.completions.stream({ model, messages, tools }).finalChatCompletion()).choices[0]!
      : (await chat().chat.completions.create({ model, messages, tools })).choices[0]!
    expect(asked.finish_reason).toBe('tool_calls')
    const [call] = asked.message.tool_calls ?? []
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } })
    const answer = await chat().chat.completions.create({
      model,
      tools,
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: [call!] },
        { role: 'tool', tool_call_id: call!.id, content: '21' },
      ],
    })
    expect(answer.choices[0]!.message.content).toBe('It is 21 degrees.')
  })

  test('embeddings', async () => {
    const embedded = await chat().embeddings.create({
      model: model.replace('chat', 'embed'),
      input: 'words', // the SDK asks for base64 by itself
    })
    expect(embedded.data.map(({ embedding }) => embedding)).toEqual([[0.5, -1]])
  })
})

describe('lists and refusals', () => {
  test('models.list in each dialect', async () => {
    const names: string[] = []
    for await (const model of await genai().models.list()) names.push(model.name ?? '')
    expect(names).toEqual(expect.arrayContaining([expect.stringContaining('chat-1')]))
    const listed = await chat().models.list()
    expect(listed.data.map(({ id }) => id)).toEqual(expect.arrayContaining([expect.stringContaining('chat-1')]))
    expect(listed.data.every(({ object }) => object === 'model')).toBe(true)
  })

  test('models.get', async () => {
    const model = await genai().models.get({ model: 'native.chat-1' })
    expect(model).toMatchObject({ name: expect.stringContaining('chat-1'), inputTokenLimit: 100_000 })
  })

  test('a wrong client key, in each dialect', async () => {
    const google = new GoogleGenAI({ apiKey: 'wrong', httpOptions: { baseUrl: gateway.url } })
    await expect(google.models.generateContent({ model: 'native.chat-1', contents: 'x' })).rejects.toMatchObject({
      status: 401,
    })
    const other = new OpenAI({ apiKey: 'wrong', baseURL: `${gateway.url}/v1`, maxRetries: 0 })
    await expect(other.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
  })

  test('a model nobody has, in each dialect', async () => {
    const refused = genai().models.generateContent({ model: 'native.no-such-model', contents: 'x' })
    await expect(refused).rejects.toMatchObject({ status: 400 })
    const other = chat().chat.completions.create({ model: 'foreign.no-such-model', messages: [] })
    await expect(other).rejects.toBeInstanceOf(OpenAI.BadRequestError)
  })

  test('a failure in the middle of a stream reaches the client as an error', async () => {
    openai.replyOnce((request) => ({ ...talk(request), cut: { at: 400, how: 'reset' } }))
    const read = async (): Promise<void> => {
      const stream = await genai().models.generateContentStream({ model: 'foreign.chat-1', contents: 'hello' })
      for await (const _chunk of stream);
    }
    await expect(read()).rejects.toThrow()
    gemini.replyOnce((request) => ({ ...talk(request), cut: { at: 400, how: 'reset' } }))
    const stream = chat().chat.completions.stream({
      model: 'native.chat-1',
      messages: [{ role: 'user', content: 'x' }],
    })
    await expect(stream.finalChatCompletion()).rejects.toThrow()
  })
})
