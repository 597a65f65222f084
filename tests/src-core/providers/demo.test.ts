import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect } from '../../../src-core/model/flow.ts'
import type { JsonObject } from '../../../src-core/model/json.ts'
import type { Conversation, Message, Tool } from '../../../src-core/model/request.ts'
import { callDemo } from '../../../src-core/providers/demo.ts'
import { sampleOf } from '../../../src-core/providers/demo-sample.ts'
import { hear } from '../../helpers/answer-steps.ts'
import { conversation, modelRequest, plainTarget } from './plain-codec.ts'

const target = { ...plainTarget, id: 'demo.echo', provider: 'demo', model: 'echo' }
const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })

async function ask(more: Partial<Conversation>) {
  const decoded = conversation(more)
  const request = modelRequest({ model: 'gpt', conversation: async () => decoded })
  const { chunks: given, events, text } = await hear((caller) => callDemo(target, request, caller))
  const chunks = given.filter((chunk) => chunk.events.some(({ type }) => type === 'text-delta')).length
  const calls = events.filter((event) => event.type === 'tool-call')
  const end = events.at(-1)
  return { events, text, chunks, calls, reason: end?.type === 'response-end' ? end.reason.unified : undefined }
}

const weather: Tool = {
  name: 'get_weather',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string' },
      days: { type: 'integer', minimum: 2 },
      unit: { enum: ['c', 'f'] },
      deep: {
        type: 'object',
        properties: { flag: { type: 'boolean' }, list: { type: 'array', items: { type: 'number' } } },
        required: ['flag', 'list'],
      },
      note: { type: 'string' },
    },
    required: ['city', 'days', 'unit', 'deep'],
  },
}

describe('the demo backend', () => {
  test('says what it received, in several pieces', async () => {
    const { text, chunks, reason, events } = await ask({ messages: [user('one'), user('two words')], tools: [weather] })
    expect(text).toContain("You reached Patchbay's demo backend as demo.echo (you asked for gpt over openai-chat).")
    expect(text).toContain('It received 2 messages and 1 tool (get_weather).')
    expect(text).toContain('You said: “two words”')
    expect(chunks).toBeGreaterThan(5)
    expect(reason).toBe('stop')
    expect(events[0]).toMatchObject({ type: 'response-start', model: 'echo' })
    expect(events.at(-2)).toMatchObject({ type: 'usage', usage: { inputTokens: 3 } })
  })

  test.each([
    ['the prompt after the context', ['<session_context>\nuse a tool\n</session_context>', 'hi there'], 'hi there'],
    [
      'the prompt before the files',
      [
        '<session_context>x</session_context>',
        'see @a.txt',
        '\n--- Content from referenced files ---',
        'text',
        '--- End of content ---',
      ],
      'see @a.txt',
    ],
    ['the last of several texts', ['one', ' ', 'two'], 'two'],
    ['a tag, where there is nothing else', ['<b>bold</b>'], '<b>bold</b>'],
  ])('quotes %s', async (_name, texts, said) => {
    const parts = texts.map((text) => ({ type: 'text' as const, text }))
    const { text, calls } = await ask({ messages: [{ role: 'user', parts }], tools: [weather] })
    expect(text).toContain(`You said: “${said}”`)
    expect(calls).toEqual([])
  })

  test('the same request gets the same answer', async () => {
    const same = { messages: [user('hello')] }
    expect(await ask(same)).toEqual(await ask(same))
  })

  test.each([
    ['by name', 'What does get_weather say?'],
    ['in words', 'Please call the tool get_weather now'],
    ['any tool', 'Use one of your tools.'],
  ])('calls a tool when asked: %s', async (_name, text) => {
    const { calls, reason } = await ask({ messages: [user(text)], tools: [weather] })
    expect(calls).toEqual([
      {
        type: 'tool-call',
        id: 'call_demo_1',
        name: 'get_weather',
        args: { city: 'Berlin', days: 2, unit: 'c', deep: { flag: true, list: [1] } },
      },
    ])
    expect(reason).toBe('tool-calls')
  })

  test.each([
    ['nobody asks', { messages: [user('hello')], tools: [weather] }],
    ['part of a longer word', { messages: [user('forget_weather_now get_weatherman')], tools: [weather] }],
    ['tools forbidden', { messages: [user('get_weather')], tools: [weather], toolChoice: { type: 'none' } }],
    ['no tools', { messages: [user('call a tool')] }],
  ] as [string, Partial<Conversation>][])('calls none: %s', async (_name, given) => {
    const { calls, reason } = await ask(given)
    expect([calls, reason]).toEqual([[], 'stop'])
  })

  test('a forced call is made, of the allowed ones', async () => {
    const tools = [weather, { name: 'other' }]
    const { calls } = await ask({
      messages: [user('hello')],
      tools,
      toolChoice: { type: 'required', names: ['other'] },
    })
    expect(calls).toMatchObject([{ name: 'other', args: {} }])
  })

  test('a tool result gets a final answer', async () => {
    const result: Message = {
      role: 'user',
      parts: [{ type: 'tool-result', id: '1', name: 'get_weather', value: { sky: 'blue' } }],
    }
    const { text, reason, calls } = await ask({ messages: [user('call get_weather'), result], tools: [weather] })
    expect(text).toContain('The tool get_weather answered: {"sky":"blue"}')
    expect([calls, reason]).toEqual([[], 'stop'])
  })

  test('JSON where JSON is asked for', async () => {
    const schema: JsonObject = {
      type: 'OBJECT',
      properties: { score: { type: 'INTEGER', minimum: 1, maximum: 100 } },
      required: ['score'],
    }
    expect(JSON.parse((await ask({ messages: [user('x')], output: { type: 'json-schema', schema } })).text)).toEqual({
      score: 1,
    })
    expect(JSON.parse((await ask({ messages: [user('x')], output: { type: 'json' } })).text)).toMatchObject({
      said: 'x',
    })
  })

  test('an output limit is kept', async () => {
    const { text, reason } = await ask({ messages: [user('x')], generation: { maxOutputTokens: 3 } })
    expect([text.length, reason]).toEqual([12, 'length'])
  })

  test('ends with its client', async () => {
    const leave = new AbortController()
    const request = modelRequest({ conversation: async () => conversation({ messages: [user('x')] }) })
    const caller = { signal: leave.signal, note: () => {} }
    const { rest } = await callDemo(target, request, caller)
    leave.abort()
    await expect(collect(rest!)).rejects.toMatchObject({ kind: 'client-gone' })
  })
})

describe('a value that fits a schema', () => {
  test.each([
    [{ type: 'string' }, 'text'],
    [{ type: 'string', format: 'date' }, '2026-01-01'],
    [{ type: 'string', maxLength: 2 }, 'te'],
    [{ type: 'string', minLength: 6 }, 'text..'],
    [{ type: ['null', 'integer'] }, 1],
    [{ type: 'number', maximum: -3 }, -3],
    [{ const: 'only' }, 'only'],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 2 }, [true, true]],
    [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, null],
    [{ $ref: '#/$defs/a', $defs: { a: { type: 'integer' } } }, 1],
    [{ $ref: '#' }, null],
    [
      {
        allOf: [
          { properties: { a: { const: 1 } }, required: ['a'] },
          { properties: { b: { const: 2 } }, required: ['b'] },
        ],
      },
      { a: 1, b: 2 },
    ],
    [{ type: 'object', properties: { path: { type: 'string' } } }, { path: 'README.md' }],
    [true, null],
    [undefined, null],
  ])('%o: %o', (schema, value) => expect(sampleOf(schema as JsonObject, 'text')).toEqual(value))

  test('any JSON in place of a schema does no harm', () => {
    fc.assert(fc.property(fc.jsonValue(), (schema) => void JSON.stringify(sampleOf(schema as JsonObject, 'text'))))
  })

  test('a small schema of a huge value stays small', () => {
    const schema: JsonObject = { type: 'array', minItems: 10, items: { $ref: '#' } }
    expect(JSON.stringify(sampleOf(schema, 'text')).length).toBeLessThan(50_000)
  })

  test('a property named __proto__ stays a property', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"const":1}},"required":["__proto__"]}',
    ) as JsonObject
    expect(JSON.stringify(sampleOf(schema, 'text'))).toBe('{"__proto__":1}')
  })
})
