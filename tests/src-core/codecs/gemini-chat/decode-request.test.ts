import { describe, expect, test } from 'vitest'
import { decoded, hello, request } from './setting.ts'

const user = (...parts: unknown[]) => ({ role: 'user', parts })
const model = (...parts: unknown[]) => ({ role: 'model', parts })
const call = (name: string, id?: string, args: unknown = {}) => ({
  functionCall: { ...(id ? { id } : {}), name, args },
})
const result = (name: string, output: unknown, id?: string) => ({
  functionResponse: { ...(id ? { id } : {}), name, response: { output } },
})

describe('at first glance', () => {
  test('model and stream come from the path', () => {
    expect(request(hello, '/v1beta/models/a%2Fb:streamGenerateContent?alt=sse')).toMatchObject({
      model: 'a/b',
      stream: true,
      traits: { tools: false, media: false },
    })
  })

  test('Code Assist names its model in the body', () => {
    const body = { model: 'models/g', project: 'p', request: { ...hello, generationConfig: { maxOutputTokens: 7 } } }
    expect(request(body, '/v1internal:generateContent', 'code-assist')).toMatchObject({
      model: 'g',
      stream: false,
      traits: { wishedOutputTokens: 7 },
    })
  })

  test.each([
    ['functions', { tools: [{ functionDeclarations: [{ name: 'f' }] }] }, { tools: true }],
    ['functions in snake_case', { tools: [{ function_declarations: [{ name: 'f' }] }] }, { tools: true }],
    ['only a search', { tools: [{ googleSearch: {} }] }, { tools: false }],
    ['no tools in the list', { tools: [] }, { tools: false }],
    ['wished output', { generation_config: { max_output_tokens: 99 } }, { wishedOutputTokens: 99 }],
    [
      'an image',
      { contents: [user({ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } })] },
      { media: true },
    ],
    ['a file', { contents: [user({ file_data: { file_uri: 'gs://x' } })] }, { media: true }],
    [
      'an image beside a tool result',
      { contents: [user(result('f', 'x'), { inlineData: { data: 'AA==' } })] },
      { media: true },
    ],
    [
      'an image in a tool result',
      {
        contents: [user({ functionResponse: { name: 'f', response: {}, parts: [{ inlineData: { data: 'AA==' } }] } })],
      },
      { media: true },
    ],
    [
      'an image in a content before the last, of the same turn',
      { contents: [model({ text: 'a' }), user({ inlineData: { data: 'AA==' } }), user({ text: 'c' })] },
      { media: true },
    ],
    [
      'an image from the model',
      { contents: [user({ text: 'a' }), model({ inlineData: { data: 'AA==' } })] },
      { media: false },
    ],
    [
      'an image of long ago',
      { contents: [user({ inlineData: { data: 'AA==' } }), model({ text: 'b' }), user({ text: 'c' })] },
      { media: false },
    ],
    [
      'the router asking for a score',
      {
        generationConfig: {
          responseJsonSchema: { type: 'OBJECT', properties: { complexity_score: { type: 'INTEGER' } } },
        },
      },
      { helper: 'router-verdict' },
    ],
    [
      'the router asking for a choice',
      { generationConfig: { responseSchema: { properties: { model_choice: {} } } } },
      { helper: 'router-verdict' },
    ],
    [
      'the loop check',
      { generationConfig: { responseJsonSchema: { properties: { unproductive_state_confidence: {} } } } },
      { helper: 'helper' },
    ],
    [
      'who speaks next',
      { generationConfig: { responseJsonSchema: { properties: { next_speaker: {} } } } },
      { helper: 'helper' },
    ],
  ])('traits: %s', (_name, body, traits) => {
    expect(request({ ...hello, ...body }).traits).toMatchObject(traits)
  })

  test.each([
    ['no object', '[]', /JSON object/],
    ['no JSON', '{"contents": ', /not valid JSON/],
    ['nothing', '', /empty/],
  ])('refuses %s', (_name, body, words) => {
    expect(() => request(body)).toThrow(words)
  })

  test('refuses an envelope without a request, and one without a model', () => {
    const path = '/v1internal:generateContent'
    expect(() => request({ model: 'm' }, path, 'code-assist')).toThrow(/request: expected an object/)
    expect(() => request({ request: hello }, path, 'code-assist')).toThrow(/model: expected/)
  })
})

describe('the conversation', () => {
  test('is decoded once', () => {
    const { conversation } = request(hello)
    expect(conversation()).toBe(conversation())
  })

  test.each([
    ['a string', 'SYS', ['SYS']],
    ['a content', { role: 'user', parts: [{ text: 'A' }, { text: 'B' }] }, ['A', 'B']],
    ['a list of parts', [{ text: 'A' }], ['A']],
    ['one part', { text: 'A' }, ['A']],
    ['an empty text', { parts: [{ text: '' }] }, []],
  ])('system instruction as %s', async (_name, systemInstruction, texts) => {
    for (const key of ['systemInstruction', 'system_instruction'])
      expect((await decoded({ ...hello, [key]: systemInstruction })).system.map(({ text }) => text)).toEqual(texts)
  })

  test('roles: a missing one is the user, `function` too', async () => {
    const { messages } = await decoded({
      contents: [{ parts: [{ text: 'a' }] }, model(call('f')), { role: 'function', parts: [result('f', 'x')] }],
    })
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  })

  test('parts of every kind', async () => {
    const { messages } = await decoded({
      contents: [
        user(
          { text: '' },
          {},
          { inline_data: { mime_type: 'image/png', data: 'AA==' } },
          { fileData: { fileUri: 'gs://f' } },
        ),
        model(
          { text: 'think', thought: true, thoughtSignature: 'c2ln' },
          { text: 'old thought\n[Thought: true]' },
          { executableCode: { language: 'PYTHON', code: 'print(1)\n' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
          { toolCall: { id: 'x' } },
          { ...call('f', 'c1'), thoughtSignature: 'skip_thought_signature_validator' },
          { ...call('g', 'c2'), thought_signature: 'cmVhbA==' },
        ),
      ],
    })
    expect(messages[0]!.parts).toEqual([
      { type: 'media', mimeType: 'image/png', data: 'AA==' },
      { type: 'media', mimeType: '', url: 'gs://f' },
    ])
    expect(messages[1]!.parts).toEqual([
      { type: 'reasoning', text: 'think', signature: { protocol: 'gemini-chat', value: 'c2ln' } },
      { type: 'reasoning', text: 'old thought' },
      expect.objectContaining({ type: 'opaque', text: '\n```python\nprint(1)\n```\n' }),
      expect.objectContaining({ type: 'opaque', text: '\n```\n1\n```\n' }),
      { type: 'opaque', protocol: 'gemini-chat', value: { toolCall: { id: 'x' } } },
      { type: 'tool-call', id: 'c1', name: 'f', args: {} },
      { type: 'tool-call', id: 'c2', name: 'g', args: {}, signature: { protocol: 'gemini-chat', value: 'cmVhbA==' } },
    ])
  })

  test('a tool result that failed, and one with an image', async () => {
    const { messages } = await decoded({
      contents: [
        model(call('f')),
        user({
          functionResponse: {
            name: 'f',
            response: { error: 'no' },
            parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }],
          },
        }),
      ],
    })
    expect(messages[1]!.parts[0]).toEqual({
      type: 'tool-result',
      id: 'call_0_0',
      name: 'f',
      value: { error: 'no' },
      isError: true,
      media: [{ type: 'media', mimeType: 'image/png', data: 'AA==' }],
    })
  })

  test('tools, choice and parameters', async () => {
    const conversation = await decoded({
      ...hello,
      tools: [
        {
          functionDeclarations: [
            { name: 'a', description: 'A', parametersJsonSchema: { $schema: 's', type: 'object' } },
          ],
        },
        {
          function_declarations: [
            { name: 'b', parameters: { type: 'OBJECT', properties: { type: { type: 'STRING' } } } },
          ],
        },
        { google_search: {} },
        { codeExecution: {}, googleMaps: { x: 1 } },
      ],
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['a'] } },
      generationConfig: {
        temperature: 0.5,
        topK: 40,
        maxOutputTokens: '100',
        stopSequences: ['END'],
        candidateCount: 2,
        responseLogprobs: true,
        logprobs: 3,
        mediaResolution: 'LOW',
        thinkingConfig: { includeThoughts: true, thinkingLevel: 'HIGH' },
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'OBJECT', properties: { type: { type: 'STRING' } } },
      },
      cachedContent: 'cachedContents/1',
      safetySettings: [],
    })
    expect(conversation).toMatchObject({
      tools: [
        { name: 'a', description: 'A', parameters: { $schema: 's', type: 'object' } },
        { name: 'b', parameters: { type: 'object', properties: { type: { type: 'string' } } } },
      ],
      serverTools: [{ type: 'web-search' }, { type: 'code-execution' }],
      toolChoice: { type: 'required', names: ['a'] },
      generation: {
        temperature: 0.5,
        topK: 40,
        maxOutputTokens: 100,
        stop: ['END'],
        candidates: 2,
        logprobs: true,
        topLogprobs: 3,
      },
      thinking: { includeThoughts: true, effort: 'high' },
      output: { type: 'json-schema', schema: { type: 'object', properties: { type: { type: 'string' } } } },
    })
    expect(conversation.extensions['gemini-chat']).toEqual({
      cachedContent: 'cachedContents/1',
      safetySettings: [],
      tools: [{ googleMaps: { x: 1 } }],
      generationConfig: { mediaResolution: 'LOW' },
    })
  })

  test.each([
    [{ mode: 'AUTO' }, { type: 'auto' }],
    [{ mode: 'NONE' }, { type: 'none' }],
    [{ mode: 'ANY' }, { type: 'required' }],
    [{ mode: 'VALIDATED' }, { type: 'auto' }],
    [{}, undefined],
  ])('tool choice %j', async (functionCallingConfig, choice) => {
    expect((await decoded({ ...hello, toolConfig: { functionCallingConfig } })).toolChoice).toEqual(choice)
  })
})

describe('ids of calls', () => {
  const idsOf = async (contents: unknown[]) => {
    const { messages } = await decoded({ contents })
    const parts = messages.flatMap((message) => message.parts)
    return {
      calls: parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
      results: parts.flatMap((part) =>
        part.type === 'tool-result' ? [`${part.id}=${JSON.stringify(part.value)}`] : [],
      ),
    }
  }

  test('two calls of one name without ids: unique, and results in order', async () => {
    const contents = [
      user({ text: 'x' }),
      model({ text: 'checking' }, call('w'), call('w')),
      user(result('w', 1), { text: 'be brief' }, result('w', 2)),
    ]
    const ids = await idsOf(contents)
    expect(ids).toEqual({
      calls: ['call_1_1', 'call_1_2'],
      results: ['call_1_1={"output":1}', 'call_1_2={"output":2}'],
    })
    expect(await idsOf(contents)).toEqual(ids)
  })

  test('made ids never meet given ones', async () => {
    const { calls } = await idsOf([model(call('a'), call('b', 'call_0_0'), call('c', 'call_0_0'))])
    expect(new Set(calls).size).toBe(3)
    expect(calls[1]).toBe('call_0_0')
  })

  test.each([
    [
      'by id, whatever the order',
      [model(call('a', 'i1'), call('a', 'i2')), user(result('a', 2, 'i2'), result('a', 1, 'i1'))],
      ['i2', 'i1'],
    ],
    [
      'by name before order',
      [model(call('a', 'i1'), call('b', 'i2')), user(result('b', 2), result('a', 1))],
      ['i2', 'i1'],
    ],
    ['by order when no name fits', [model(call('a', 'i1')), user(result('z', 1))], ['i1']],
    [
      'in the turn before first',
      [model(call('a', 'i1')), user({ text: 'no' }), model(call('a', 'i2')), user(result('a', 1))],
      ['i2'],
    ],
    [
      'in an earlier turn when nothing else is left',
      [model(call('a', 'i1')), user({ text: 'no' }), model({ text: 'x' }), user(result('a', 1))],
      ['i1'],
    ],
    [
      'over calls split in two contents',
      [model(call('a', 'i1')), model(call('a', 'i2')), user(result('a', 1), result('a', 2))],
      ['i1', 'i2'],
    ],
    ['an orphan has none', [user(result('a', 1))], ['']],
  ])('results pair %s', async (_name, contents, ids) => {
    expect((await idsOf(contents)).results.map((one) => one.split('=')[0])).toEqual(ids)
  })
})

describe('what makes no sense is refused with its place', () => {
  test.each([
    [{ contents: 'x' }, 'contents: expected a list, got a string.'],
    [{}, 'contents: expected at least one content, got nothing.'],
    [{ contents: [1] }, 'contents[0]: expected an object, got a number.'],
    [
      { contents: [user(), user(), user(), { role: 'user', parts: 'x' }] },
      'contents[3].parts: expected a list, got a string.',
    ],
    [{ contents: [user('x')] }, 'contents[0].parts[0]: expected an object, got a string.'],
    [{ contents: [user({ text: 5 })] }, 'contents[0].parts[0].text: expected a string, got a number.'],
    [{ contents: [{ role: 'wizard', parts: [] }] }, 'contents[0].role: expected user or model, got a string.'],
    [
      { contents: [model(call('f', 'i', 'x'))] },
      'contents[0].parts[0].functionCall.args: expected an object, got a string.',
    ],
    [{ ...hello, tools: 'x' }, 'tools: expected a list, got a string.'],
    [
      { ...hello, tools: [{ functionDeclarations: [{}] }] },
      'tools[0].functionDeclarations[0].name: expected a name, got nothing.',
    ],
    [
      { ...hello, generationConfig: { temperature: 'hot' } },
      'generationConfig.temperature: expected a number, got a string.',
    ],
    [
      { ...hello, systemInstruction: 5 },
      'systemInstruction: expected a content, a list of parts or a string, got a number.',
    ],
  ])('%j', async (body, words) => {
    await expect(decoded(body)).rejects.toMatchObject({ kind: 'bad-request', message: words })
  })

  test('prototype keys are only names', async () => {
    const body = `{"contents":[{"role":"__proto__","parts":[]}],"__proto__":{"contents":1}}`
    await expect(decoded(body)).rejects.toMatchObject({ kind: 'bad-request' })
    const { tools } = await decoded(
      `{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"constructor","parameters":{"type":"OBJECT","properties":{"__proto__":{"type":"STRING"}}}}]}]}`,
    )
    expect(JSON.stringify(tools)).toBe(
      '[{"name":"constructor","parameters":{"type":"object","properties":{"__proto__":{"type":"string"}}}}]',
    )
  })

  test('ten thousand tools and calls are fine', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `f${index % 7}`)
    const { tools, messages } = await decoded({
      tools: [{ functionDeclarations: many.map((name) => ({ name, parameters: { type: 'OBJECT' } })) }],
      contents: [
        user({ text: 'x' }),
        model(...many.map((name) => call(name))),
        user(...many.map((name) => result(name, 1))),
      ],
    })
    expect(tools).toHaveLength(10_000)
    expect(new Set(messages[2]!.parts.map((part) => (part.type === 'tool-result' ? part.id : ''))).size).toBe(10_000)
  })

  test.each([
    [400, 'kept or cut'],
    [100_000, 'refused'],
  ])('schemas and arguments of %i levels are %s', async (levels, fate) => {
    const deep = `${'{"type":"OBJECT","properties":{"a":'.repeat(levels / 2)}{}${'}}'.repeat(levels / 2)}`
    const bodies = [
      `{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":${deep}}]}]}`,
      `{"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":${deep}}}]}]}`,
    ]
    for (const body of bodies) {
      if (fate === 'refused') await expect(decoded(body)).rejects.toMatchObject({ kind: 'bad-request' })
      else expect(JSON.stringify(await decoded(body)).length).toBeLessThan(20_000)
    }
  })
})
