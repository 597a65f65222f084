import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src-core/model/json.ts'
import type { Conversation, MediaPart, Message, Part, ToolCallPart } from '../../../../src-core/model/request.ts'
import type { Dialect } from '../../../../src-core/model/target.ts'
import { bodyOf, codec, requestOf, targetOf, wireOf } from './support.ts'

const text = (words: string): Part => ({ type: 'text', text: words })
const user = (...parts: Part[]): Message => ({ role: 'user', parts })
const model = (...parts: Part[]): Message => ({ role: 'assistant', parts })
const call = (id: string, name = 'f', args: JsonObject = {}): ToolCallPart => ({ type: 'tool-call', id, name, args })
const result = (id: string, value: Json = 'ok', media?: MediaPart[]): Part => ({
  type: 'tool-result',
  id,
  name: 'f',
  value,
  ...(media && { media }),
})
const media = (mimeType: string, rest: Partial<MediaPart> = { data: 'AA==' }): MediaPart => ({
  type: 'media',
  mimeType,
  ...rest,
})
const png = media('image/png')
const wireCall = (id: string, name = 'f', args = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})
const tool = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })

const messagesOf = async (messages: Message[], dialect: Partial<Dialect> = {}) =>
  (await bodyOf({ messages }, dialect)).messages

describe('the same protocol', () => {
  const body =
    '{ "messages":[{"role":"user","content":"é"}],\n"model" : "gpt", "unknown":1.0, "stream_options":{"include_usage":false,"x":1}, "temperature":0.5 }'
  const send = async (dialect: Partial<Dialect> = {}, text = body, name = 'gpt-5') => {
    const sent = await codec.encodeRequest(codec.decodeRequest(wireOf(text)), targetOf(dialect, { model: name }))
    expect(sent).toMatchObject({ path: '/chat/completions', relayed: true, dropped: [] })
    return sent.body.toString()
  }

  test('the very bytes when the model has the same name', async () => {
    expect(await send({}, body, 'gpt')).toBe(body)
  })

  test('only the name is changed', async () => {
    expect(await send()).toBe(body.replace('"gpt"', '"gpt-5"'))
  })

  test.each<[string[], string]>([
    [['temperature'], body.replace(', "temperature":0.5', '').replace('0.5 }', '}')],
    [['stream_options.x'], body.replace('{"include_usage":false,"x":1}', '{"include_usage":false}')],
    [['unknown'], body.replace('"unknown":1.0,', '')],
    [['top_k', 'stream_options.y', 'x.y'], body],
  ])('a profile may drop %j', async (dropParams, expected) => {
    const sent = await send({ dropParams }, body, 'gpt')
    expect(sent.replaceAll(' ', '')).toBe(expected.replaceAll(' ', ''))
    expect(JSON.parse(sent)).toEqual(JSON.parse(expected))
  })

  test('keys given twice, written with escapes, first and only', async () => {
    const odd = '{"a\\"b":1,"a\\"b":2,"messages":[{}],"model":"m"}'
    expect(await send({ dropParams: ['a"b'] }, odd, 'm')).toBe('{"messages":[{}],"model":"m"}')
    const escaped = '{"model":"m","messages":[{}],"t\\u006fp_k":5}'
    expect(JSON.parse(await send({ dropParams: ['top_k'] }, escaped, 'm'))).toEqual({ model: 'm', messages: [{}] })
  })

  test('a profile’s own fields are put in', async () => {
    const sent = JSON.parse(await send({ extraBody: { temperature: 1, num_ctx: 8 } })) as JsonObject
    expect(sent).toMatchObject({ model: 'gpt-5', temperature: 1, num_ctx: 8, unknown: 1 })
  })

  test('a rewritten conversation is encoded, with the fields only Chat knows', async () => {
    const wire = wireOf({
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      user: 'u',
      top_k: 3,
      stream: true,
      tools: [{ type: 'web_search', web_search: {} }],
    })
    const request = { ...codec.decodeRequest(wire), rewritten: true }
    const sent = await codec.encodeRequest(request, targetOf())
    expect(sent.relayed).toBe(false)
    expect(JSON.parse(sent.body.toString())).toEqual({
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'x' }],
      user: 'u',
      top_k: 3,
      tools: [{ type: 'web_search', web_search: {} }],
      stream: true,
      stream_options: { include_usage: true },
    })
  })
})

describe('messages', () => {
  test('results right after their calls, other words after them, names and order kept', async () => {
    const messages = [
      user(text('two cities')),
      model(text('checking'), call('a', 'w', { city: 'London' }), call('b', 'w', { city: 'Paris' })),
      user(result('b', { output: '18C' }), text('be brief'), result('a', { output: '15C' })),
    ]
    expect(await messagesOf(messages)).toEqual([
      { role: 'user', content: 'two cities' },
      {
        role: 'assistant',
        content: 'checking',
        tool_calls: [wireCall('a', 'w', '{"city":"London"}'), wireCall('b', 'w', '{"city":"Paris"}')],
      },
      tool('a', '15C'),
      tool('b', '18C'),
      { role: 'user', content: 'be brief' },
    ])
  })

  test('system texts joined; a later one in its place, but never between calls and results', async () => {
    const messages: Message[] = [
      user(text('x')),
      model(call('a')),
      { role: 'system', parts: [text('S2')] },
      user(result('a')),
    ]
    expect(
      (
        await bodyOf({
          system: [
            { type: 'text', text: 'S1' },
            { type: 'text', text: 'S1b' },
          ],
          messages,
        })
      ).messages,
    ).toEqual([
      { role: 'system', content: 'S1\n\nS1b' },
      { role: 'user', content: 'x' },
      { role: 'assistant', content: null, tool_calls: [wireCall('a')] },
      tool('a', 'ok'),
      { role: 'system', content: 'S2' },
    ])
  })

  test.each<[string, Message[], unknown[]]>([
    [
      'an unanswered call is answered',
      [model(call('a'), call('b')), user(result('b'), text('stop'))],
      [
        { role: 'assistant', content: null, tool_calls: [wireCall('a'), wireCall('b')] },
        tool('a', expect.stringMatching(/^Error: no result/) as unknown as string),
        tool('b', 'ok'),
        { role: 'user', content: 'stop' },
      ],
    ],
    [
      'an orphan result becomes words',
      [user(result(''), text('go'))],
      [{ role: 'user', content: '[Result of f, whose call is no longer in the conversation]\nok\ngo' }],
    ],
    [
      'a second result wins at the first one’s place',
      [model(call('a'), call('b')), user(result('a', 'old'), result('b'), result('a', 'new'))],
      [
        { role: 'assistant', content: null, tool_calls: [wireCall('a'), wireCall('b')] },
        tool('a', 'new'),
        tool('b', 'ok'),
      ],
    ],
    [
      'calls split over turns are joined',
      [model(call('a')), model(call('b')), user(result('a'), result('b'))],
      [
        { role: 'assistant', content: null, tool_calls: [wireCall('a'), wireCall('b')] },
        tool('a', 'ok'),
        tool('b', 'ok'),
      ],
    ],
    [
      'an id used again',
      [model(call('a')), user(result('a', '1')), model(call('a')), user(result('a', '2'))],
      [
        { role: 'assistant', content: null, tool_calls: [wireCall('a')] },
        tool('a', '1'),
        { role: 'assistant', content: null, tool_calls: [wireCall('a_2')] },
        tool('a_2', '2'),
      ],
    ],
    [
      'empty texts and turns are left out',
      [user(text('')), model(text('')), user(text('x'), text(''))],
      [{ role: 'user', content: 'x' }],
    ],
    ['texts alone are one text', [user(text('a'), text('b\n'), text('c'))], [{ role: 'user', content: 'a\nb\nc' }]],
    [
      'parts of another protocol are told in words',
      [
        model({ type: 'opaque', protocol: 'gemini-chat', value: {}, text: '```py\n1\n```' }),
        user({ type: 'opaque', protocol: 'gemini-chat', value: {} }, text('x')),
      ],
      [
        { role: 'assistant', content: '```py\n1\n```' },
        { role: 'user', content: 'x' },
      ],
    ],
    [
      'proofs of reasoning of others go nowhere',
      [
        model(
          { type: 'reasoning', text: 'hm' },
          { ...call('a'), signature: { protocol: 'gemini-chat', value: 'skip_thought_signature_validator' } },
        ),
        user(result('a')),
      ],
      [{ role: 'assistant', content: null, tool_calls: [wireCall('a')] }, tool('a', 'ok')],
    ],
  ])('%s', async (_, messages, expected) => {
    expect(await messagesOf(messages)).toEqual(expected)
  })

  test.each<[string, Json, boolean, string]>([
    ['text', 'x', false, 'x'],
    ['an output', { output: 'x\ny' }, false, 'x\ny'],
    ['an error', { error: 'boom' }, false, '{"error":"boom"}'],
    ['a failure in words', 'boom', true, 'Error: boom'],
    ['a failure that says so', 'Error: boom', true, 'Error: boom'],
    ['an object', { a: [1] }, false, '{"a":[1]}'],
    ['nothing', '', false, ''],
  ])('a result: %s', async (_, value, isError, content) => {
    const messages = [model(call('a')), user({ type: 'tool-result', id: 'a', name: 'f', value, isError })]
    expect(await messagesOf(messages)).toMatchObject([{}, { role: 'tool', content }])
  })

  test('long or illegal ids are mapped, always to the same', async () => {
    const long = 'read_file_1755000000000_0_and_something_more'
    const once = (await messagesOf([model(call(long), call('a b')), user(result(long), result('a b'))])) as JsonObject[]
    const ids = (once[0]!.tool_calls as JsonObject[]).map((each) => each.id as string)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
    expect(new Set(ids).size).toBe(2)
    expect(once.slice(1).map((message) => message.tool_call_id)).toEqual(ids)
    expect(await messagesOf([model(call(long), call('a b')), user(result(long), result('a b'))])).toEqual(once)
  })

  test('services that want their reasoning back get it with calls, and only there', async () => {
    const thought: Part = { type: 'reasoning', text: 'hm' }
    const messages = [
      model(thought, text('hi')),
      user(text('x')),
      model(thought, call('a')),
      user(result('a')),
      model(call('b')),
      user(result('b')),
    ]
    const sent = (await messagesOf(messages, { echoReasoning: true })) as JsonObject[]
    const turns = sent.filter((message) => message.role === 'assistant')
    expect(turns.map((message) => message.reasoning_content)).toEqual([undefined, 'hm', ''])
  })
})

describe('media', () => {
  test.each<[string, MediaPart, object]>([
    [
      'an image',
      { ...png, detail: 'low' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
    ],
    [
      'an image elsewhere',
      media('image/jpeg', { url: 'https://e/i.jpg' }),
      { type: 'image_url', image_url: { url: 'https://e/i.jpg' } },
    ],
    [
      'an image elsewhere, type unknown',
      media('', { url: 'https://e/i' }),
      { type: 'image_url', image_url: { url: 'https://e/i' } },
    ],
    [
      'an image of no type',
      media('', { data: 'iVBORw0KGgoAA' }),
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoAA' } },
    ],
    ['wav', media('audio/x-wav'), { type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }],
    ['mp3', media('audio/mpeg'), { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } }],
    [
      'a PDF',
      media('application/pdf'),
      { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA==' } },
    ],
  ])('%s', async (_, part, expected) => {
    expect(await messagesOf([user(text('a'), part)])).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a' }, expected] },
    ])
  })

  test('a text file is text', async () => {
    const part = media('application/json; charset=utf-8', {
      data: Buffer.from('{"é":1}').toString('base64'),
      name: 'a.json',
    })
    expect(await messagesOf([user(part)])).toEqual([{ role: 'user', content: 'a.json:\n{"é":1}' }])
  })

  const refused: [string, MediaPart][] = [
    ['video', media('video/mp4')],
    ['flac', media('audio/flac')],
    ['sound elsewhere', media('audio/wav', { url: 'https://e/a.wav' })],
    ['a file at Google', media('image/png', { url: 'https://generativelanguage.googleapis.com/v1beta/files/x' })],
    ['a bucket', media('image/png', { url: 'gs://b/x.png' })],
    ['no type', media('')],
  ]

  test.each(refused)('%s in the question is refused in words', async (_, part) => {
    await expect(messagesOf([user(text('what is this?'), part)])).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('azure.gpt-5'),
    })
  })

  test.each(refused)('%s in an earlier turn, or of a tool, is described', async (_, part) => {
    const messages = [user(part), model(text('a'), call('a')), user(result('a', 'ok', [part]), part), model(text('b'))]
    const sent = JSON.stringify(await messagesOf(messages))
    expect(sent.match(/Attachment left out/g)).toHaveLength(3)
    expect(sent).not.toContain('AA==')
  })

  test('what tools show follows all results, in a user turn', async () => {
    const messages = [
      model(call('a'), call('b')),
      user(result('a', { output: 'see' }, [png]), result('b'), png, text('and?')),
    ]
    const shown = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }
    expect(await messagesOf(messages)).toEqual([
      { role: 'assistant', content: null, tool_calls: [wireCall('a'), wireCall('b')] },
      tool('a', 'see\n[An attachment of this result: see the next user message.]'),
      tool('b', 'ok'),
      {
        role: 'user',
        content: [{ type: 'text', text: 'From the tool f (a):' }, shown, shown, { type: 'text', text: 'and?' }],
      },
    ])
  })

  test('what a tool shows last still gets its turn', async () => {
    const sent = (await messagesOf([model(call('a')), user(result('a', '', [png])), model(text('ok'))])) as JsonObject[]
    expect(sent.map((message) => message.role)).toEqual(['assistant', 'tool', 'user', 'assistant'])
  })
})

describe('tools', () => {
  const tools = [
    { name: 'f' },
    {
      name: 'g',
      description: 'd',
      parameters: { $schema: 's', type: 'object', properties: { $schema: { type: 'string' } } },
    },
    { name: 'f', description: 'again' },
  ]
  const send = (conversation: Partial<Conversation>, dialect: Partial<Dialect> = {}) =>
    bodyOf({ messages: [user(text('x'))], tools, ...conversation }, dialect)

  test('declared once, with an object schema without $schema', async () => {
    expect((await send({})).tools).toEqual([
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
      {
        type: 'function',
        function: {
          name: 'g',
          description: 'd',
          parameters: { type: 'object', properties: { $schema: { type: 'string' } } },
        },
      },
    ])
  })

  test('illegal names get an alias everywhere, and the way back', async () => {
    const conversation = {
      tools: [{ name: 'mcp:a.b' }],
      toolChoice: { type: 'required' as const, names: ['mcp:a.b'] },
      messages: [model(call('a', 'mcp:a.b')), user(result('a'))],
    }
    const sent = await codec.encodeRequest(requestOf(conversation), targetOf())
    const [alias, name] = [...sent.toolNames][0]!
    expect(name).toBe('mcp:a.b')
    const body = JSON.parse(sent.body.toString()) as JsonObject
    expect(body.tools).toMatchObject([{ function: { name: alias } }])
    expect(body.tool_choice).toEqual({ type: 'function', function: { name: alias } })
    expect(body.messages).toMatchObject([{ tool_calls: [{ function: { name: alias } }] }, {}])
  })

  const named = (name: string) => ({ type: 'function', function: { name } })
  const three = [{ name: 'f' }, { name: 'g' }, { name: 'h' }]

  test.each<[Conversation['toolChoice'], Partial<Dialect>, unknown, string[]]>([
    [undefined, {}, undefined, ['f', 'g', 'h']],
    [{ type: 'auto' }, {}, undefined, ['f', 'g', 'h']],
    [{ type: 'none' }, {}, 'none', ['f', 'g', 'h']],
    [{ type: 'none' }, { forcedToolChoice: false }, undefined, []],
    [{ type: 'required' }, {}, 'required', ['f', 'g', 'h']],
    [{ type: 'required' }, { forcedToolChoice: false }, undefined, ['f', 'g', 'h']],
    [{ type: 'required', names: ['g'] }, {}, named('g'), ['f', 'g', 'h']],
    [{ type: 'required', names: ['g'] }, { forcedToolChoice: false }, undefined, ['g']],
    [{ type: 'required', names: ['g', 'h'] }, {}, 'required', ['g', 'h']],
    [
      { type: 'required', names: ['g', 'h'] },
      { allowedTools: true },
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [named('g'), named('h')] } },
      ['f', 'g', 'h'],
    ],
    [{ type: 'required', names: ['unknown'] }, {}, 'required', ['f', 'g', 'h']],
  ])('choice %j, %j', async (toolChoice, dialect, expected, offered) => {
    const body = await send({ tools: three, toolChoice, parallelToolCalls: false }, dialect)
    expect(body.tool_choice).toEqual(expected)
    expect(((body.tools ?? []) as JsonObject[]).map((each) => (each.function as JsonObject).name)).toEqual(offered)
    expect(body.parallel_tool_calls).toBe(offered.length > 0 ? false : undefined)
  })

  test('no tools: no choice', async () => {
    const body = await send({ tools: [], toolChoice: { type: 'required' }, parallelToolCalls: true })
    expect(Object.keys(body)).toEqual(['model', 'messages'])
  })

  test.each(['cachedContent', 'cached_content'])('%s is refused: only Google holds it', async (name) => {
    const extensions = { 'gemini-chat': { [name]: 'cachedContents/abc' } }
    await expect(bodyOf({ messages: [user(text('x'))], extensions })).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('only Google holds'),
    })
  })

  test('a tool only Google runs: noted beside functions, refused alone', async () => {
    const conversation = { messages: [user(text('x'))], serverTools: [{ type: 'web-search' as const }] }
    const sent = await codec.encodeRequest(requestOf({ ...conversation, tools }), targetOf())
    expect(sent.dropped).toEqual([{ what: 'web-search', because: expect.any(String) }])
    await expect(bodyOf(conversation)).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('search the web'),
    })
    await expect(bodyOf({ ...conversation, serverTools: [{ type: 'url-context' }] })).rejects.toMatchObject({
      kind: 'unsupported',
    })
  })
})

describe('settings', () => {
  const send = (conversation: Partial<Conversation>, dialect: Partial<Dialect> = {}, stream = false) =>
    bodyOf({ messages: [user(text('x'))], ...conversation }, dialect, { stream })

  test.each<[Partial<Conversation>, Partial<Dialect>, JsonObject]>([
    [
      { generation: { temperature: 3, topP: 0.5, topK: 40, seed: 1, candidates: 2 } },
      {},
      { temperature: 2, top_p: 0.5, seed: 1, n: 2 },
    ],
    [
      {
        generation: {
          temperature: 0,
          topP: 1,
          presencePenalty: 1,
          frequencyPenalty: 1,
          logprobs: true,
          topLogprobs: 30,
        },
      },
      {},
      { temperature: 0, top_p: 1, presence_penalty: 1, frequency_penalty: 1, logprobs: true, top_logprobs: 20 },
    ],
    [
      { generation: { temperature: 0, topP: 1, presencePenalty: 1, logprobs: true, seed: 1 } },
      { reasoningModel: true },
      { seed: 1 },
    ],
    [{ generation: { maxOutputTokens: 10 } }, {}, { max_tokens: 10 }],
    [
      { generation: { maxOutputTokens: 10 } },
      { maxTokensField: 'max_completion_tokens' },
      { max_completion_tokens: 10 },
    ],
    [{ generation: { stop: ['a', 'b', 'c', 'd', 'e'] } }, {}, { stop: ['a', 'b', 'c', 'd'] }],
    [{ generation: { stop: ['a', 'b'] } }, { maxStops: 1 }, { stop: ['a'] }],
    [{ generation: { stop: ['a'] } }, { maxStops: 0 }, {}],
    [{ thinking: { effort: 'high' } }, {}, {}],
    [{ thinking: { effort: 'high' } }, { thinking: 'reasoning_effort' }, { reasoning_effort: 'high' }],
    [{ thinking: { budgetTokens: 0 } }, { thinking: 'reasoning_effort' }, { reasoning_effort: 'none' }],
    [{ thinking: { budgetTokens: 8192 } }, { thinking: 'reasoning_effort' }, { reasoning_effort: 'medium' }],
    [{ thinking: { budgetTokens: -1 } }, { thinking: 'reasoning_effort' }, {}],
    [{ thinking: { includeThoughts: true } }, { thinking: 'thinking_type' }, {}],
    [{ thinking: { budgetTokens: 0 } }, { thinking: 'thinking_type' }, { thinking: { type: 'disabled' } }],
    [{ thinking: { budgetTokens: -1 } }, { thinking: 'thinking_type' }, { thinking: { type: 'enabled' } }],
    [{ thinking: { effort: 'low' } }, { thinking: 'enable_thinking' }, { enable_thinking: true }],
    [
      { generation: { temperature: 1, topP: 1 } },
      { dropParams: ['temperature', 'x.y'], extraBody: { top_p: 0.1, x: { y: 1, z: 2 } } },
      { top_p: 0.1, x: { z: 2 } },
    ],
  ])('%j, %j', async (conversation, dialect, expected) => {
    const { model: _, messages: __, ...rest } = await send(conversation, dialect)
    expect(rest).toEqual(expected)
  })

  test('no more output is asked for than the model writes', async () => {
    const sent = await codec.encodeRequest(
      requestOf({ messages: [user(text('x'))], generation: { maxOutputTokens: 65_536 } }),
      targetOf({}, { maxOutputTokens: 16_384 }),
    )
    expect(JSON.parse(sent.body.toString())).toMatchObject({ max_tokens: 16_384 })
    expect(sent.dropped).toHaveLength(1)
  })

  test('a stream with its usage, where the service can', async () => {
    expect(await send({}, {}, true)).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(await send({}, { streamUsage: false }, true)).not.toHaveProperty('stream_options')
  })

  const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
  const { additionalProperties: _, ...open } = closed

  test.each<[string, Conversation['output'], Partial<Dialect>, unknown, RegExp | undefined]>([
    [
      'a closed schema is strict',
      { type: 'json-schema', schema: { ...closed, $schema: 's' } },
      {},
      { type: 'json_schema', json_schema: { name: 'answer', schema: closed, strict: true } },
      undefined,
    ],
    [
      'an open one is not',
      { type: 'json-schema', schema: open, name: 'a b' },
      {},
      { type: 'json_schema', json_schema: { name: 'a_b', schema: open } },
      undefined,
    ],
    [
      'closed for a client that asked for strict',
      { type: 'json-schema', schema: open, strict: true },
      {},
      { type: 'json_schema', json_schema: { name: 'answer', schema: closed, strict: true } },
      undefined,
    ],
    [
      'never strict when something may be missing',
      { type: 'json-schema', schema: { ...open, required: [] }, strict: true },
      {},
      { type: 'json_schema', json_schema: { name: 'answer', schema: { ...open, required: [] } } },
      undefined,
    ],
    [
      'a schema in words for JSON mode',
      { type: 'json-schema', schema: open },
      { structuredOutput: 'json_object' },
      { type: 'json_object' },
      /JSON Schema[\s\S]*"required":\["a"\]/,
    ],
    [
      'a schema in words for nothing',
      { type: 'json-schema', schema: open },
      { structuredOutput: 'none' },
      undefined,
      /JSON Schema/,
    ],
    ['JSON mode needs the word', { type: 'json' }, {}, { type: 'json_object' }, /JSON/],
    ['JSON in words only', { type: 'json' }, { structuredOutput: 'none' }, undefined, /JSON/],
  ])('%s', async (_, output, dialect, format, words) => {
    const body = await send({ output }, dialect)
    expect(body.response_format).toEqual(format)
    const [first] = body.messages as JsonObject[]
    if (words) expect(first).toMatchObject({ role: 'system', content: expect.stringMatching(words) })
    else expect(first).toEqual({ role: 'user', content: 'x' })
  })

  test('the word is there already', async () => {
    const body = await send({ output: { type: 'json' }, system: [{ type: 'text', text: 'Answer in JSON.' }] })
    expect(body.messages).toEqual([
      { role: 'system', content: 'Answer in JSON.' },
      { role: 'user', content: 'x' },
    ])
  })

  test('an argument nested beyond reason is refused', async () => {
    let deep: JsonObject = {}
    for (let level = 0; level < 5000; level++) deep = { a: deep }
    await expect(bodyOf({ messages: [model(call('a', 'f', deep))] })).rejects.toMatchObject({ kind: 'bad-request' })
  })
})
