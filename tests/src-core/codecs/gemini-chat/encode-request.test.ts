import { describe, expect, test } from 'vitest'
import type { Conversation, Message, Part, ToolCallPart, ToolResultPart } from '../../../../src-core/model/request.ts'
import { plainDialect } from '../../../../src-core/model/target.ts'
import { codec, foreign, hello, newCodec, request, sent, target, wireOf } from './setting.ts'

const user = (...parts: Part[]): Message => ({ role: 'user', parts })
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts })
const text = (words: string): Part => ({ type: 'text', text: words })
const call = (id: string, name = 'f'): ToolCallPart => ({ type: 'tool-call', id, name, args: { a: 1 } })
const result = (id: string, value: ToolResultPart['value'] = 'ok', name = 'f'): ToolResultPart => ({
  type: 'tool-result',
  id,
  name,
  value,
})

describe('an untouched request of the same family', () => {
  test('keeps its bytes, odd spacing and unknown fields included', async () => {
    const body = '{ "contents" : [{"parts":[{"text":"é\\u00e9"}]}], "whatIsThis": 1e2 }'
    const encoded = await codec.encodeRequest(
      request(body, '/v1beta/models/alias:generateContent'),
      target('real/name 1'),
    )
    expect(encoded).toMatchObject({ relayed: true, path: '/models/real/name%201:generateContent', dropped: [] })
    expect(encoded.body.toString()).toBe(body)
  })

  test('a stream is asked for as server-sent events, other query kept', async () => {
    const encoded = await codec.encodeRequest(request(hello, '/v1beta/models/m:streamGenerateContent?x=1'), target('m'))
    expect(encoded.path).toBe('/models/m:streamGenerateContent?x=1&alt=sse')
  })

  test('from envelope to envelope only the model changes', async () => {
    const body = `{"model":"old","project":"p","request":{"contents": [] , "session_id":"s"}}`
    const wire = request(body, '/v1internal:streamGenerateContent?alt=sse', 'code-assist')
    const encoded = await codec.encodeRequest(wire, target('new', { envelope: 'code-assist' }))
    expect(encoded).toMatchObject({ relayed: true, path: ':streamGenerateContent?alt=sse' })
    expect(encoded.body.toString()).toBe(body.replace('old', 'new'))
  })

  test('out of the envelope: the bytes of `request`, without the session', async () => {
    const body = `{"model":"old","request":{"contents": [1] ,"session_id":"s", "labels":{ }}}`
    const encoded = await codec.encodeRequest(
      request(body, '/v1internal:generateContent', 'code-assist'),
      target('new'),
    )
    expect(encoded).toMatchObject({ relayed: false, path: '/models/new:generateContent' })
    expect(encoded.body.toString()).toBe('{"contents":[1],"labels":{ }}')
  })

  test('into the envelope: the body as it is', async () => {
    const body = '{"contents":  [1]}'
    const encoded = await codec.encodeRequest(request(body), target('new', { envelope: 'code-assist' }))
    expect(encoded).toMatchObject({ relayed: false, path: ':generateContent' })
    expect(encoded.body.toString()).toBe(`{"model":"new","request":${body}}`)
  })

  test('a changed conversation is written anew, with what only Gemini knows', async () => {
    const from = request({
      ...hello,
      cachedContent: 'c',
      generationConfig: { temperature: 1, mediaResolution: 'LOW' },
      tools: [{ googleMaps: {} }],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
    })
    const conversation = await from.conversation()
    const changed = { ...from, conversation: async () => ({ ...conversation, tools: [{ name: 'web_search' }] }) }
    const { relayed, json } = await sent(changed)
    expect(relayed).toBe(false)
    expect(json).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
      cachedContent: 'c',
      tools: [{ functionDeclarations: [{ name: 'web_search' }] }, { googleMaps: {} }],
      toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
      generationConfig: { temperature: 1, mediaResolution: 'LOW' },
    })
  })

  test('fields the provider always wants are added', async () => {
    const to = target('m', { dialect: { ...plainDialect, extraBody: { labels: { a: 'b' } } } })
    expect((await sent(request(hello), to)).json).toEqual({ labels: { a: 'b' }, ...hello })
  })
})

describe('a conversation from elsewhere', () => {
  const contentsOf = async (messages: Message[], to = target(), by = codec) =>
    (await sent(foreign({ messages }), to, by)).json.contents

  test('turns alternate, the user begins, empty texts go, system messages join the instruction', async () => {
    const { json } = await sent(
      foreign({
        system: [{ type: 'text', text: 'A' }],
        messages: [
          assistant(text('hello')),
          user(text('x'), text('')),
          { role: 'system', parts: [text('B')] },
          user(text('y')),
          assistant(text('')),
        ],
      }),
    )
    expect(json).toEqual({
      contents: [
        { role: 'user', parts: [{ text: '(continued)' }] },
        { role: 'model', parts: [{ text: 'hello' }] },
        { role: 'user', parts: [{ text: 'x' }, { text: 'y' }] },
      ],
      systemInstruction: { role: 'user', parts: [{ text: 'A' }, { text: 'B' }] },
    })
  })

  test('only a system message: it becomes what is asked', async () => {
    const { json } = await sent(foreign({ messages: [{ role: 'system', parts: [text('Do it.')] }] }))
    expect(json).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Do it.' }] }] })
  })

  test('results: in the order of the calls, all in one content, media after them', async () => {
    const image: Part = { type: 'media', mimeType: '', data: 'iVBORw0KGgoAAA' }
    const contents = await contentsOf([
      user(text('x')),
      assistant(call('1', 'a'), call('2', 'b')),
      user(text('be brief'), result('2', 'two', 'b')),
      user({ ...result('1', { k: 1 }, 'a'), media: [image] }),
    ])
    expect(contents[2]).toEqual({
      role: 'user',
      parts: [
        { functionResponse: { id: '1', name: 'a', response: { k: 1 } } },
        { functionResponse: { id: '2', name: 'b', response: { output: 'two' } } },
        { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgoAAA' } },
        { text: 'be brief' },
      ],
    })
  })

  test('two results for one call: the later; none: said so; an orphan: told in words', async () => {
    const contents = await contentsOf([
      user(text('x')),
      assistant(call('1'), call('2')),
      user(result('1', 'old'), result('1', 'new'), result('', 'lost', 'g')),
    ])
    expect(contents[2].parts).toEqual([
      { functionResponse: { id: '1', name: 'f', response: { output: 'new' } } },
      { functionResponse: { id: '2', name: 'f', response: { error: expect.stringContaining('no result') } } },
      { text: 'Result of g: lost' },
    ])
  })

  test.each<[string, Partial<ToolResultPart>, unknown]>([
    ['text', { value: 'a' }, { output: 'a' }],
    ['failed text', { value: 'a', isError: true }, { error: 'a' }],
    ['an object', { value: { a: 1 } }, { a: 1 }],
    ['a failed object', { value: { a: 1 }, isError: true }, { error: { a: 1 } }],
    ['a list', { value: [1] }, { output: [1] }],
    ['data with $ref', { value: { output: { $ref: 'x' } } }, { output: '{"$ref":"x"}' }],
    ['data with $ref elsewhere', { value: { a: [{ $ref: 'x' }] } }, { output: '{"a":[{"$ref":"x"}]}' }],
  ])('result: %s', async (_name, given, response) => {
    const contents = await contentsOf([user(text('x')), assistant(call('1')), user({ ...result('1'), ...given })])
    expect(contents[2].parts[0].functionResponse.response).toEqual(response)
  })

  test('ids stay at home where they are refused', async () => {
    const to = target('m', { dialect: { ...plainDialect, callIds: false } })
    const contents = await contentsOf([user(text('x')), assistant(call('1')), user(result('1'))], to)
    expect(JSON.stringify(contents)).not.toContain('"id"')
  })

  test.each<[string, Part, unknown]>([
    [
      'bytes',
      { type: 'media', mimeType: 'image/png', data: 'AA==' },
      { inlineData: { mimeType: 'image/png', data: 'AA==' } },
    ],
    [
      'a data URL',
      { type: 'media', mimeType: '', url: 'data:image/gif;base64,R0lG' },
      { inlineData: { mimeType: 'image/gif', data: 'R0lG' } },
    ],
    [
      'a file',
      { type: 'media', mimeType: '', url: 'https://x.example/a.jpg?s=1' },
      { fileData: { mimeType: 'image/jpeg', fileUri: 'https://x.example/a.jpg?s=1' } },
    ],
    [
      'bytes of unknown type',
      { type: 'media', mimeType: '', data: 'UklGRgAAAABXRUJQ' },
      { inlineData: { mimeType: 'image/webp', data: 'UklGRgAAAABXRUJQ' } },
    ],
    [
      "Gemini's own part",
      { type: 'opaque', protocol: 'gemini-chat', value: { toolCall: { id: 'x' } } },
      { toolCall: { id: 'x' } },
    ],
    [
      "another's part",
      { type: 'opaque', protocol: 'anthropic-messages', value: { z: 1 }, text: 'told' },
      { text: 'told' },
    ],
    [
      'a signed thought',
      { type: 'reasoning', text: 't', signature: { protocol: 'gemini-chat', value: 's' } },
      { text: 't', thought: true, thoughtSignature: 's' },
    ],
  ])('part: %s', async (_name, part, wire) => {
    expect((await contentsOf([user(part)]))[0].parts[0]).toEqual(wire)
  })

  test("others' thoughts and signatures never reach Gemini", async () => {
    const contents = await contentsOf([
      user(text('x')),
      assistant(
        { type: 'reasoning', text: 'secret', signature: { protocol: 'anthropic-messages', value: 'S' } },
        text('y'),
      ),
      user(text('z')),
    ])
    expect(contents[1]).toEqual({ role: 'model', parts: [{ text: 'y' }] })
  })
})

describe('signatures', () => {
  const loop = [user(text('x')), assistant(call('1'), call('2')), user(result('1'), result('2'))]

  test('the part’s own first, then the kept one, then the placeholder on the first call of a step', async () => {
    const { codec: own, signatures } = newCodec()
    signatures.remember({ id: 'kept', name: 'f' }, 'S1')
    signatures.remember({ id: 'other', name: 'g' }, 'S2')
    const signed: Part = { ...call('mine'), signature: { protocol: 'gemini-chat', value: 'S0' } }
    const { json } = await sent(
      foreign({
        messages: [
          user(text('long ago')),
          assistant(call('old')),
          user(result('old')),
          assistant(text('done')),
          user(text('now')),
          assistant(signed, call('kept')),
          user(result('mine'), result('kept')),
          assistant(call('other')),
          user(result('other')),
          assistant(call('a'), call('b')),
          user(result('a'), result('b')),
        ],
      }),
      target('gemini-3-pro-preview'),
      own,
    )
    const given = json.contents.flatMap(
      (content: { parts: { functionCall?: { id: string }; thoughtSignature?: string }[] }) =>
        content.parts.flatMap((part) => (part.functionCall ? [[part.functionCall.id, part.thoughtSignature]] : [])),
    )
    expect(given).toEqual([
      ['old', undefined],
      ['mine', 'S0'],
      ['kept', 'S1'],
      ['other', 'skip_thought_signature_validator'],
      ['a', 'skip_thought_signature_validator'],
      ['b', undefined],
    ])
  })

  test.each([
    ['gemini-2.5-pro', false],
    ['gemini-3-flash-preview', true],
    ['gemini-3.1-pro-preview-customtools', true],
    ['google/gemini-2.0-flash-001', false],
    ['my-model', true],
  ])('%s is given placeholders: %s', async (name, given) => {
    const { body } = await sent(foreign({ messages: loop }), target(name))
    expect(body.includes('skip_thought_signature_validator')).toBe(given)
  })

  test('a user who speaks instead of a tool opens a new turn', async () => {
    const { body } = await sent(foreign({ messages: [user(text('x')), assistant(call('1')), user(text('stop'))] }))
    expect(body.includes('skip_thought_signature_validator')).toBe(false)
    expect(body.includes('no result')).toBe(true)
  })
})

describe('tools', () => {
  const tools: Conversation['tools'] = [
    {
      name: 'f',
      parameters: { type: 'object', properties: { n: { type: 'integer', exclusiveMinimum: 0 } } },
      strict: true,
    },
    { name: 'f' },
    { name: 'mcp/read file', description: 'd' },
  ]
  const messages = [user(text('x'))]

  test('one tool object, first of two names, strict stays away, illegal names get an alias', async () => {
    const { json, toolNames } = await sent(
      foreign({
        tools,
        messages,
        serverTools: [{ type: 'web-search', options: { foreign: 1 } }],
        toolChoice: { type: 'required', names: ['mcp/read file'] },
      }),
    )
    const alias = [...toolNames.keys()][0]!
    expect(toolNames.get(alias)).toBe('mcp/read file')
    expect(alias).toMatch(/^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/)
    expect(json.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'f', parametersJsonSchema: tools[0]!.parameters },
          { name: alias, description: 'd' },
        ],
      },
      { googleSearch: {} },
    ])
    expect(json.toolConfig).toEqual({
      functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [alias] },
      includeServerSideToolInvocations: true,
    })
  })

  test('the subset where standard schemas are not understood', async () => {
    const to = target('m', { dialect: { ...plainDialect, jsonSchemaTools: false } })
    const { json } = await sent(
      foreign({ tools, messages, output: { type: 'json-schema', schema: { type: 'object' } } }),
      to,
    )
    expect(json.tools[0].functionDeclarations[0]).toEqual({
      name: 'f',
      parameters: { type: 'OBJECT', properties: { n: { type: 'INTEGER', minimum: 1 } } },
    })
    expect(json.generationConfig).toEqual({ responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } })
  })

  test('2.5 takes neither search nor JSON output beside functions: said, not sent', async () => {
    const { json, dropped } = await sent(
      foreign({ tools, messages, serverTools: [{ type: 'web-search' }], output: { type: 'json' } }),
      target('gemini-2.5-pro'),
    )
    expect(json.tools).toHaveLength(1)
    expect(json.generationConfig).toBeUndefined()
    expect(dropped.map(({ what }) => what)).toEqual(["the provider's own tools", 'the JSON output format'])
  })

  test('a choice without tools is dropped', async () => {
    expect((await sent(foreign({ messages, toolChoice: { type: 'required' } }))).json.toolConfig).toBeUndefined()
  })
})

describe('parameters', () => {
  test('in Gemini’s names, bounded, refused ones left out', async () => {
    const { json, dropped } = await sent(
      foreign({
        messages: [user(text('x'))],
        generation: {
          temperature: 1,
          topP: 0.9,
          topK: 5,
          maxOutputTokens: 9000,
          stop: ['1', '2', '3', '4', '5', '6'],
          candidates: 2,
          seed: 7,
          logprobs: true,
          topLogprobs: 2,
        },
        output: { type: 'json-schema', schema: { type: 'object' }, name: 'n', strict: true },
      }),
      target('m', {
        maxOutputTokens: 4096,
        dialect: { ...plainDialect, dropParams: ['generationConfig.topK', 'generationConfig.none.x'] },
      }),
    )
    expect(json.generationConfig).toEqual({
      temperature: 1,
      topP: 0.9,
      maxOutputTokens: 4096,
      stopSequences: ['1', '2', '3', '4', '5'],
      candidateCount: 2,
      seed: 7,
      responseLogprobs: true,
      logprobs: 2,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
    })
    expect(dropped).toHaveLength(2)
  })

  test('into the envelope', async () => {
    const to = target('m', { envelope: 'code-assist', dialect: { ...plainDialect, extraBody: { project: 'p' } } })
    const { json, path } = await sent(foreign({ messages: [user(text('x'))] }, true), to)
    expect(path).toBe(':streamGenerateContent?alt=sse')
    expect(json).toEqual({
      model: 'm',
      project: 'p',
      request: { contents: [{ role: 'user', parts: [{ text: 'x' }] }] },
    })
  })

  test('Code Assist’s own fields come back in its envelope only', async () => {
    const body = { model: 'm', project: 'p', user_prompt_id: 'u', request: { ...hello, session_id: 's' } }
    const from = codec.decodeRequest(wireOf(body, '/v1internal:generateContent', 'code-assist'))
    const changed = { ...from, conversation: async () => ({ ...(await from.conversation()) }) }
    expect((await sent(changed, target('n', { envelope: 'code-assist' }))).json).toEqual({ ...body, model: 'n' })
    expect((await sent(changed)).json).toEqual(hello)
  })
})
