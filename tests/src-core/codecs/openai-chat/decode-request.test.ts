import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../src-core/model/error.ts'
import type { Json, JsonObject } from '../../../../src-core/model/json.ts'
import type { Conversation } from '../../../../src-core/model/request.ts'
import { codec, conversationOf, wireOf } from './support.ts'

const user = (content: Json): JsonObject => ({ role: 'user', content })
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }
const call = (id: string | undefined, name: string, args: Json = '{}'): JsonObject => ({
  ...(id !== undefined && { id }),
  type: 'function',
  function: { name, arguments: args },
})

function refusal(body: unknown): GatewayError {
  try {
    codec.decodeRequest(wireOf(body))
  } catch (error) {
    if (error instanceof GatewayError) return error
  }
  throw new Error('it was taken')
}

describe('what is seen without decoding the conversation', () => {
  test('model, stream and traits', () => {
    const body = {
      model: ' gpt-5 ',
      stream: true,
      max_tokens: 5,
      max_completion_tokens: 9,
      tools: [{}],
      messages: [user('x')],
    }
    const request = codec.decodeRequest(wireOf(body))
    expect(request).toMatchObject({ protocol: 'openai-chat', model: 'gpt-5', stream: true })
    expect(request.traits).toEqual({
      bytes: JSON.stringify(body).length,
      tools: true,
      media: false,
      wishedOutputTokens: 9,
    })
  })

  test.each<[string, JsonObject[], boolean]>([
    ['an image now', [user([{ type: 'text', text: 'x' }, image])], true],
    ['an image in an earlier turn', [user([image]), { role: 'assistant', content: 'a' }, user('and now?')], false],
    [
      'an image of the turn that tools are still working on',
      [
        user([image]),
        { role: 'assistant', tool_calls: [call('a', 'f')] },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
      ],
      true,
    ],
    [
      'an image a tool showed',
      [
        user('x'),
        { role: 'assistant', tool_calls: [call('a', 'f')] },
        { role: 'tool', tool_call_id: 'a', content: [image] },
      ],
      true,
    ],
    ['the word in a text', [user('"image_url"'), { role: 'assistant', content: 'a' }], false],
  ])('media: %s', (_, messages, media) => {
    expect(codec.decodeRequest(wireOf({ model: 'm', messages })).traits.media).toBe(media)
  })

  test.each([
    ['', undefined],
    ['[]', undefined],
    ['null', undefined],
    ['{"model":"m"', undefined],
    [{ messages: [user('x')] }, 'model'],
    [{ model: 7, messages: [user('x')] }, 'model'],
    [{ model: '', messages: [user('x')] }, 'model'],
    [{ model: 'm' }, 'messages'],
    [{ model: 'm', messages: 'x' }, 'messages'],
    [{ model: 'm', messages: [] }, 'messages'],
  ])('%j is refused', (body, path) => {
    const error = refusal(body)
    expect(error.kind).toBe('bad-request')
    expect(error.path).toBe(path)
    expect(error.message).not.toBe('')
  })
})

describe('messages', () => {
  const messagesOf = async (...messages: Json[]) => {
    const { system, messages: decoded } = await conversationOf({ messages })
    return { system, messages: decoded }
  }

  test('system texts in order; later ones keep their place', async () => {
    expect(
      await messagesOf(
        { role: 'system', content: 'A' },
        { role: 'developer', content: [{ type: 'text', text: 'B' }] },
        user('x'),
        { role: 'system', content: 'C' },
      ),
    ).toEqual({
      system: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
      ],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'x' }] },
        { role: 'system', parts: [{ type: 'text', text: 'C' }] },
      ],
    })
  })

  test.each<[string, Json, object[]]>([
    ['a text', 'x', [{ type: 'text', text: 'x' }]],
    [
      'an image',
      [{ ...image, image_url: { ...image.image_url, detail: 'low' } }],
      [{ type: 'media', mimeType: 'image/png', data: 'AA==', detail: 'low' }],
    ],
    [
      'an image elsewhere',
      [{ type: 'image_url', image_url: 'https://e/i.jpg' }],
      [{ type: 'media', mimeType: '', url: 'https://e/i.jpg' }],
    ],
    [
      'sound',
      [{ type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } }],
      [{ type: 'media', mimeType: 'audio/mp3', data: 'AA' }],
    ],
    [
      'a file',
      [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' } }],
      [{ type: 'media', mimeType: 'application/pdf', data: 'AA', name: 'a.pdf' }],
    ],
    [
      'a file kept elsewhere',
      [{ type: 'file', file: { file_id: 'f1' } }],
      [{ type: 'opaque', protocol: 'openai-chat', value: { type: 'file', file: { file_id: 'f1' } } }],
    ],
    [
      'a data URL without base64',
      [{ type: 'file', file: { file_data: 'data:text/plain,a%20b' } }],
      [{ type: 'media', mimeType: 'text/plain', data: 'YSBi' }],
    ],
    [
      'an Anthropic image',
      [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } }],
      [{ type: 'media', mimeType: 'image/png', data: 'AA' }],
    ],
    [
      'texts without a type',
      [{ text: 'x' }, 'y', { type: 'text', text: '' }],
      [
        { type: 'text', text: 'x' },
        { type: 'text', text: 'y' },
      ],
    ],
    [
      'what nobody knows',
      [{ type: 'hologram', x: 1 }],
      [{ type: 'opaque', protocol: 'openai-chat', value: { type: 'hologram', x: 1 } }],
    ],
  ])('user content: %s', async (_, content, parts) => {
    expect((await messagesOf(user(content))).messages).toMatchObject([{ role: 'user', parts }])
  })

  test('an assistant turn: reasoning, text, calls with their signatures', async () => {
    const signed = { ...call('a', 'f', '{"x":1}'), extra_content: { google: { thought_signature: 'c2ln' } } }
    const { messages } = await messagesOf(user('x'), {
      role: 'assistant',
      content: 'ok',
      reasoning_content: 'hm',
      tool_calls: [signed],
    })
    expect(messages[1]).toEqual({
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'ok' },
        {
          type: 'tool-call',
          id: 'a',
          name: 'f',
          args: { x: 1 },
          signature: { protocol: 'gemini-chat', value: 'c2ln' },
        },
      ],
    })
  })

  test.each<[Json, JsonObject]>([
    ['', {}],
    ['{}', {}],
    ['null', {}],
    [null, {}],
    [{ x: 1 }, { x: 1 }],
    ['{"x":1}', { x: 1 }],
    ['"{\\"x\\":1}"', { x: 1 }],
    ['[1]', { input: [1] }],
    ['{"x":', { input: '{"x":' }],
    ['plain words', { input: 'plain words' }],
  ])('arguments %j', async (args, expected) => {
    const { messages } = await messagesOf(user('x'), { role: 'assistant', tool_calls: [call('a', 'f', args)] })
    expect(messages[1]!.parts).toMatchObject([{ type: 'tool-call', args: expected }])
  })

  const results = async (...messages: Json[]) => {
    const decoded = (await messagesOf(user('x'), ...messages)).messages
    return decoded.flatMap((message) =>
      message.parts.flatMap((part) =>
        part.type === 'tool-call'
          ? [`${part.id}:${part.name}`]
          : part.type === 'tool-result'
            ? [`${part.id}=${String(part.value)}`]
            : [],
      ),
    )
  }
  const tool = (id: string | undefined, content: Json): JsonObject => ({
    role: 'tool',
    ...(id && { tool_call_id: id }),
    content,
  })

  test.each<[string, JsonObject[], string[]]>([
    [
      'by id, in any order',
      [{ role: 'assistant', tool_calls: [call('a', 'f'), call('b', 'f')] }, tool('b', '2'), tool('a', '1')],
      ['a:f', 'b:f', 'b=2', 'a=1'],
    ],
    [
      'by place when ids are missing',
      [
        { role: 'assistant', tool_calls: [call(undefined, 'f'), call(undefined, 'g')] },
        tool(undefined, '1'),
        tool(undefined, '2'),
      ],
      ['call_1_0:f', 'call_1_1:g', 'call_1_0=1', 'call_1_1=2'],
    ],
    [
      'a second result takes the first one’s place',
      [{ role: 'assistant', tool_calls: [call('a', 'f')] }, tool('a', 'old'), tool('a', 'new')],
      ['a:f', 'a=new'],
    ],
    [
      'an id used again in a later turn',
      [
        { role: 'assistant', tool_calls: [call('a', 'f')] },
        tool('a', '1'),
        { role: 'assistant', tool_calls: [call('a', 'g')] },
        tool('a', '2'),
      ],
      ['a:f', 'a=1', 'a_2:g', 'a_2=2'],
    ],
    [
      'the same id twice in one turn',
      [{ role: 'assistant', tool_calls: [call('a', 'f'), call('a', 'g')] }, tool('a', '1'), tool('a', '2')],
      ['a:f', 'a_2:g', 'a=1', 'a_2=2'],
    ],
    [
      'an id used again, the first never answered',
      [
        { role: 'assistant', tool_calls: [call('a', 'f')] },
        user('stop'),
        { role: 'assistant', tool_calls: [call('a', 'g')] },
        tool('a', '2'),
      ],
      ['a:f', 'a_2:g', 'a_2=2'],
    ],
    [
      'without an id, the newest turn comes first',
      [
        { role: 'assistant', tool_calls: [call('a', 'f')] },
        user('stop'),
        { role: 'assistant', tool_calls: [call('b', 'f')] },
        tool(undefined, '2'),
      ],
      ['a:f', 'b:f', 'b=2'],
    ],
    ['an orphan has no id', [tool('z', '1')], ['=1']],
    [
      'the legacy function role, by name',
      [
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: '1' },
      ],
      ['call_1_0:f', 'call_1_0=1'],
    ],
    [
      'Anthropic blocks inside Chat messages',
      [
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'ok' },
            { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: '1' }] }] },
      ],
      ['a:f', 'a=1'],
    ],
  ])('results find their calls: %s', async (_, messages, expected) => {
    expect(await results(...messages)).toEqual(expected)
  })

  test('results in a row make one turn, with what the tools showed', async () => {
    const { messages } = await messagesOf(
      user('x'),
      { role: 'assistant', tool_calls: [call('a', 'f'), call('b', 'g')] },
      tool('a', [{ type: 'text', text: 'see' }, image]),
      tool('b', 'ok'),
    )
    expect(messages[2]).toEqual({
      role: 'user',
      parts: [
        {
          type: 'tool-result',
          id: 'a',
          name: 'f',
          value: 'see',
          media: [{ type: 'media', mimeType: 'image/png', data: 'AA==' }],
        },
        { type: 'tool-result', id: 'b', name: 'g', value: 'ok' },
      ],
    })
  })

  test.each<[Json[], string]>([
    [[7], 'messages[0]'],
    [[{ content: 'x' }], 'messages[0].role'],
    [[user('x'), { role: 'wizard' }], 'messages[1].role'],
    [[user(7)], 'messages[0].content'],
    [[user([7])], 'messages[0].content[0]'],
    [[user([{ type: 'text', text: 7 }])], 'messages[0].content[0].text'],
    [[user([{ type: 'image_url' }])], 'messages[0].content[0].image_url'],
    [[user('x'), { role: 'assistant', tool_calls: 'x' }], 'messages[1].tool_calls'],
    [
      [user('x'), { role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }],
      'messages[1].tool_calls[0].function.name',
    ],
  ])('%j is refused at %s', async (messages, path) => {
    await expect(conversationOf({ messages })).rejects.toMatchObject({ kind: 'bad-request', path })
  })
})

describe('tools and settings', () => {
  const parameters = { type: 'object', properties: { x: { type: 'string' } } }

  test('functions, old and new, the first of each name', async () => {
    const { tools, serverTools } = await conversationOf({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
        { type: 'function', function: { name: 'f', description: 'again' } },
        { name: 'g', input_schema: parameters },
        { type: 'custom', custom: { name: 'c', format: { type: 'text' } } },
        { type: 'web_search', web_search: { enable: true } },
      ],
      functions: [{ name: 'old', parameters }],
      web_search_options: {},
    })
    expect(tools).toMatchObject([
      { name: 'f', description: 'd', parameters, strict: true },
      { name: 'g', parameters },
      { name: 'c', parameters: { properties: { input: { type: 'string' } } } },
      { name: 'old', parameters },
    ])
    expect(serverTools.map((tool) => tool.type)).toEqual(['web-search', 'web-search'])
  })

  const named = (name: string): JsonObject => ({ type: 'function', function: { name } })

  test.each<[Json, object | undefined]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [named('f'), { type: 'required', names: ['f'] }],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [named('f'), named('g')] } },
      { type: 'required', names: ['f', 'g'] },
    ],
    [null, undefined],
  ])('tool_choice %j', async (choice, expected) => {
    const { toolChoice } = await conversationOf({ tools: [named('f'), named('g'), named('h')], tool_choice: choice })
    expect(toolChoice).toEqual(expected)
  })

  test('allowed_tools left to the model: only those are offered', async () => {
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [named('g')] } }
    const { tools, toolChoice } = await conversationOf({ tools: [named('f'), named('g')], tool_choice: choice })
    expect(tools.map((tool) => tool.name)).toEqual(['g'])
    expect(toolChoice).toEqual({ type: 'auto' })
  })

  test.each<[JsonObject, Partial<Conversation>]>([
    [{ stop: 'END' }, { generation: { stop: ['END'] } }],
    [{ stop: ['A', 'B'], n: 2, seed: 7 }, { generation: { stop: ['A', 'B'], candidates: 2, seed: 7 } }],
    [{ max_tokens: 5, max_completion_tokens: 9 }, { generation: { maxOutputTokens: 9 } }],
    [
      { temperature: 0, top_p: 0.5, presence_penalty: 1, frequency_penalty: -1 },
      { generation: { temperature: 0, topP: 0.5, presencePenalty: 1, frequencyPenalty: -1 } },
    ],
    [{ logprobs: true, top_logprobs: 3 }, { generation: { logprobs: true, topLogprobs: 3 } }],
    [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
    [{ reasoning_effort: 'minimal' }, { thinking: { effort: 'minimal' } }],
    [{ reasoning: { max_tokens: 2000 } }, { thinking: { budgetTokens: 2000 } }],
    [{ thinking: { type: 'disabled' } }, { thinking: { effort: 'none' } }],
    [{ enable_thinking: true }, { thinking: { budgetTokens: -1 } }],
    [{ response_format: { type: 'json_object' } }, { output: { type: 'json' } }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: parameters, strict: true } } },
      { output: { type: 'json-schema', name: 'n', schema: parameters, strict: true } },
    ],
    [
      { logit_bias: { 1: 2 }, user: 'u', top_k: 4 },
      { extensions: { 'openai-chat': { logit_bias: { 1: 2 }, user: 'u', top_k: 4 } } },
    ],
  ])('%j', async (body, expected) => {
    expect(await conversationOf(body)).toMatchObject(expected)
  })

  test.each<[JsonObject, string]>([
    [{ temperature: 'hot' }, 'temperature'],
    [{ stop: [1] }, 'stop[0]'],
    [{ stop: 5 }, 'stop'],
    [{ tools: {} }, 'tools'],
    [{ tools: [5] }, 'tools[0]'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ tool_choice: 'sometimes' }, 'tool_choice'],
    [{ response_format: 'json' }, 'response_format'],
  ])('%j is refused', async (body, path) => {
    await expect(conversationOf(body)).rejects.toMatchObject({ kind: 'bad-request', path })
  })
})

describe('hostile requests', () => {
  test('ten thousand tools, calls and results', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index)
    const body = {
      tools: many.map((index) => ({ type: 'function', function: { name: `f${index}` } })),
      messages: [
        user('x'),
        { role: 'assistant', tool_calls: many.map(() => call('same', 'f')) },
        ...many.map(() => ({ role: 'tool', tool_call_id: 'same', content: 'r' })),
      ],
    }
    const { tools, messages } = await conversationOf(body)
    expect(tools).toHaveLength(10_000)
    expect(new Set(messages[2]!.parts.map((part) => (part.type === 'tool-result' ? part.id : ''))).size).toBe(10_000)
  })

  test('hundreds of thousands of parts', async () => {
    const content = Array.from({ length: 300_000 }, () => 'x')
    expect((await conversationOf({ messages: [{ role: 'system', content }, user(content)] })).system).toHaveLength(
      300_000,
    )
  })

  test.each(['[', '{"a":'])('a hundred thousand levels of %s', async (open) => {
    const close = open === '[' ? ']' : '}'
    const deep = open.repeat(100_000) + (open === '[' ? '' : '1') + close.repeat(100_000)
    const text = `{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f","parameters":{"a":${deep}}}}]}`
    await expect(codec.decodeRequest(wireOf(text)).conversation()).rejects.toMatchObject({ kind: 'bad-request' })
    const args = JSON.stringify(deep)
    const inArguments = `{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":${args}}}]}]}`
    const { messages } = await codec.decodeRequest(wireOf(inArguments)).conversation()
    expect(messages[0]!.parts).toMatchObject([{ args: { input: deep } }])
  })

  test('prototype keys stay keys', async () => {
    const text =
      '{"__proto__":{"polluted":1},"model":"m","constructor":{"prototype":{"polluted":1}},"messages":[{"role":"assistant","tool_calls":[{"id":"__proto__","function":{"name":"constructor","arguments":"{\\"__proto__\\":{\\"polluted\\":1}}"}}]},{"role":"tool","tool_call_id":"__proto__","content":"x"}]}'
    const { messages } = await codec.decodeRequest(wireOf(text)).conversation()
    expect(messages[1]!.parts).toMatchObject([{ id: '__proto__', name: 'constructor', value: 'x' }])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('junk is refused, never crashed on', async () => {
    const junk = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(...['', 'x', 'tool', 'user', 'assistant', 'function', 'auto']),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(
        fc.constantFrom(
          'role',
          'content',
          'type',
          'text',
          'tool_calls',
          'tool_call_id',
          'id',
          'function',
          'name',
          'arguments',
          'image_url',
          'url',
          'source',
          'data',
          'file',
          'input',
          '__proto__',
        ),
        tie('value'),
        { maxKeys: 5 },
      ),
    }))
    const settings = fc.dictionary(
      fc.constantFrom(
        'tools',
        'tool_choice',
        'functions',
        'stop',
        'response_format',
        'temperature',
        'thinking',
        'reasoning',
        'stream',
        'web_search_options',
      ),
      junk.value,
    )
    const roles = fc.constantFrom('user', 'assistant', 'tool', 'system', 'function')
    const message = fc.tuple(roles, junk.object as fc.Arbitrary<JsonObject>).map(([role, rest]) => ({ ...rest, role }))
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), settings, async (messages, rest) => {
        const request = codec.decodeRequest(wireOf({ model: 'm', ...rest, messages }))
        await request.conversation().catch((error: unknown) => {
          expect(error).toBeInstanceOf(GatewayError)
          expect((error as GatewayError).kind).toBe('bad-request')
        })
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(refusal(Buffer.from(bytes).toString('latin1')).kind).toBe('bad-request')
      }),
    )
  })
})
