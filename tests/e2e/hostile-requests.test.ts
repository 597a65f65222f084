import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chatAnswer, geminiAnswer } from '../helpers/answers.ts'
import { type Reply, send } from '../helpers/cases/send.ts'
import {
  callOf,
  checkRefusal,
  type Dialect,
  dialects,
  type HostileRig,
  startHostileRig,
} from '../helpers/hostile-rig.ts'
import { headOf, openRaw } from '../helpers/raw-client.ts'

const said = { text: 'fine' }
let rig: HostileRig
beforeAll(async () => {
  rig = await startHostileRig(({ path }) => (path.includes('/chat/') ? chatAnswer(said) : geminiAnswer(said)))
})
afterEach(() => rig.checkUnharmed())
afterAll(() => rig.close())

const key = () => rig.gateway.clientKey!
const megabyte = 1024 * 1024

/** The same road for all: these bytes as a body, whatever they are. */
async function post(dialect: Dialect, model: string, body: string | Buffer): Promise<Reply> {
  const { path, headers } = callOf(dialect, model, { key: key() })
  const response = await fetch(new URL(path, rig.gateway.url), {
    method: 'POST',
    headers,
    body: new Uint8Array(Buffer.from(body)),
  })
  return { status: response.status, raw: await response.text(), headers: {}, chunks: [], aborted: false }
}

const ask = (dialect: Dialect, model: string, body: unknown): Promise<Reply> =>
  post(dialect, model, JSON.stringify(body))

/** Both callers, each to its own kind of service (relayed) and to the other one (translated). */
const roads = dialects.flatMap((dialect) => [
  { dialect, model: 'chat-m', translated: dialect === 'gemini' },
  { dialect, model: 'gemini-m', translated: dialect === 'openai' },
])

describe('bodies that are no request', () => {
  const bodies: [string, string | Buffer][] = [
    ['empty', ''],
    ['blank', ' \r\n\t '],
    ['no JSON', 'hello'],
    ['cut off', '{"model":"chat-m","messages":[{"role":"user","content":"he'],
    ['a trailing comma', '{"model":"chat-m","messages":[],"contents":[],}'],
    ['something behind', '{"model":"chat-m","messages":[]} {}'],
    ['null', 'null'],
    ['a number', '42'],
    ['a text', '"hello"'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['NUL bytes', '{"model":"chat-m",\0"messages":[\0]}'],
    ['UTF-16', Buffer.from('{"model":"chat-m","messages":[]}', 'utf16le')],
    ['one brace', '{'],
    ['100,000 open brackets', '['.repeat(100_000)],
    ['100,000 open objects', '{"a":'.repeat(100_000)],
    ['gzip magic', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
  ]
  describe.each(dialects)('%s', (dialect) => {
    test.each(bodies)('%s', async (_name, body) => {
      checkRefusal(dialect, await post(dialect, 'chat-m', body), 400)
    })
  })
})

test.each(roads)('$dialect to $model: torn UTF-8 and unknown fields do no harm', async ({ dialect, model }) => {
  const { body } = callOf(dialect, model, { key: key() })
  const text = JSON.stringify({ ...body, unknownThing: { a: [1] }, UNKNOWN: null })
  const torn = Buffer.from(text.replace('hello', 'hel\u0001lo').replace('\\u0001', 'ö'))
  torn[torn.indexOf(0xc3) + 1] = 0x22 // the ö loses its second half, and the text ends there
  const reply = await post(dialect, model, torn)
  if (reply.status !== 200) checkRefusal(dialect, reply, 400)
  const lone = Buffer.from(text)
  lone[lone.indexOf('hello') + 2] = 0xff
  expect((await post(dialect, model, lone)).status).toBe(200)
})

const openaiRich = {
  model: 'gemini-m',
  stream: false,
  temperature: 0.5,
  max_tokens: 100,
  stop: ['a'],
  reasoning_effort: 'low',
  tool_choice: { type: 'function', function: { name: 'look' } },
  response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object', properties: {} } } },
  tools: [
    {
      type: 'function',
      function: {
        name: 'look',
        description: 'd',
        parameters: { type: 'object', properties: { a: { type: 'string', enum: ['x'] } }, required: ['a'] },
      },
    },
  ],
  messages: [
    { role: 'system', content: 'be good' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":"x"}' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'seen' },
    { role: 'user', content: 'well?' },
  ],
}

const geminiRich = {
  systemInstruction: { parts: [{ text: 'be good' }] },
  tools: [
    {
      functionDeclarations: [
        {
          name: 'look',
          description: 'd',
          parameters: { type: 'OBJECT', properties: { a: { type: 'STRING', enum: ['x'] } } },
        },
      ],
    },
    { googleSearch: {} },
  ],
  toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['look'] } },
  generationConfig: {
    temperature: 0.5,
    maxOutputTokens: 100,
    stopSequences: ['a'],
    thinkingConfig: { thinkingBudget: 100, includeThoughts: true },
    responseMimeType: 'application/json',
    responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } }, required: ['a'] },
  },
  safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  contents: [
    { role: 'user', parts: [{ text: 'look' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
    {
      role: 'model',
      parts: [{ functionCall: { id: 'c1', name: 'look', args: { a: 'x' } }, thoughtSignature: 'AAAA' }],
    },
    { role: 'user', parts: [{ functionResponse: { id: 'c1', name: 'look', response: { output: 'seen' } } }] },
    { role: 'user', parts: [{ text: 'well?' }] },
  ],
}

/** Every copy of the value in which one place holds something else. */
function* spoiled(value: unknown, wrong: readonly unknown[]): Generator<unknown> {
  yield* wrong
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    for (const bad of spoiled(member, wrong)) {
      yield Array.isArray(value) ? value.with(Number(name), bad) : { ...value, [name]: bad }
    }
  }
}

const wrongValues: unknown[] = [null, true, -1.5, 1e308, '', 'x', [], {}, [null], [[]], { a: { b: [] } }, '\ud800']

describe('the wrong type at every level', () => {
  test.each([
    { dialect: 'openai' as const, rich: openaiRich, models: ['gemini-m', 'chat-m'] },
    { dialect: 'gemini' as const, rich: geminiRich, models: ['chat-m', 'gemini-m'] },
  ])('$dialect', async ({ dialect, rich, models }) => {
    for (const model of models) {
      const bodies = [...spoiled(rich, wrongValues)]
        .filter((body) => typeof body === 'object' && body !== null && !Array.isArray(body))
        .map((body) =>
          dialect === 'openai' && (body as { model: unknown }).model === 'gemini-m'
            ? { ...(body as object), model }
            : body,
        )
      let refused = 0
      const next = bodies.values()
      const worker = async () => {
        for (const body of next) {
          const reply = await ask(dialect, model, body)
          if (reply.status === 200) continue
          refused++
          const shown = JSON.stringify(body).slice(0, 3000)
          expect(reply.status, `${reply.raw}\n${shown}`).toBe(400)
          checkRefusal(dialect, reply, 400)
        }
      }
      await Promise.all([worker(), worker(), worker(), worker()])
      expect(bodies.length).toBeGreaterThan(400)
      // a service of the caller's own kind judges for itself
      if (model === models[0]) expect(refused).toBeGreaterThan(10)
    }
  })
})

describe('sizes', () => {
  test.each(roads)('$dialect to $model: 10,000 tools', async ({ dialect, model }) => {
    const { body } = callOf(dialect, model, { key: key() })
    const tools = Array.from({ length: 10_000 }, (_, index) => {
      const tool = {
        name: `tool_${index}`,
        description: 'does',
        parameters: { type: 'object', properties: { a: { type: 'string' } } },
      }
      return dialect === 'openai' ? { type: 'function', function: tool } : tool
    })
    const reply = await ask(dialect, model, {
      ...body,
      tools: dialect === 'openai' ? tools : [{ functionDeclarations: tools }],
    })
    expect(reply.status, reply.raw.slice(0, 500)).toBe(200)
    expect(rig.provider.requests.at(-1)!.body).toContain('tool_9999')
  })

  /** A value 100,000 levels deep, in the places a request has for values. */
  const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000)
  test.each(roads)('$dialect to $model: nested 100,000 levels deep', async ({ dialect, model, translated }) => {
    for (const bomb of [deep('[', ']'), deep('{"a":', '}').replace('}', '1}')]) {
      const places =
        dialect === 'openai'
          ? [
              `{"model":"${model}","messages":[{"role":"user","content":"x"}],"metadata":${bomb}}`,
              `{"model":"${model}","messages":[{"role":"user","content":${bomb}}]}`,
              `{"model":"${model}","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a","parameters":${bomb}}}]}`,
              `{"model":"${model}","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"a","arguments":${JSON.stringify(bomb)}}}]},{"role":"tool","tool_call_id":"1","content":"x"}]}`,
              `{"model":${bomb},"messages":[{"role":"user","content":"x"}]}`,
            ]
          : [
              `{"contents":[{"role":"user","parts":[{"text":"x"}]}],"labels":${bomb}}`,
              `{"contents":[{"role":"user","parts":${bomb}}]}`,
              `{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":${bomb}}`,
              `{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{"responseSchema":${bomb}}}`,
              `{"contents":[{"role":"user","parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"a","parameters":${bomb}}]}]}`,
              `{"contents":[{"role":"model","parts":[{"functionCall":{"name":"a","args":${bomb}}}]}]}`,
            ]
      for (const body of places) {
        const reply = await post(dialect, model, body)
        if (reply.status === 200) continue
        checkRefusal(dialect, reply, 400)
      }
      // what is only passed on need not be walked; what is translated is refused
      if (translated) checkRefusal(dialect, await post(dialect, model, places[1]!), 400)
    }
  })

  test.each(dialects)('%s: a model name of many kilobytes is refused, not repeated', async (dialect) => {
    const name = `chat-${'x'.repeat(20_000)}`
    const message = checkRefusal(dialect, await ask(dialect, name, callOf(dialect, name, { key: key() }).body), 400)
    expect(message.length).toBeLessThan(500)
  })

  test('model names that are no names', async () => {
    for (const name of [
      'chat-\ud800',
      'chat-\n',
      'chat-\r\nx-injected: 1',
      'chat-\0',
      '..',
      '__proto__',
      'constructor',
      'chat-ü',
      'chat-/../../x',
    ]) {
      const reply = await ask('openai', name, { model: name, messages: [{ role: 'user', content: 'x' }] })
      if (reply.status !== 200) checkRefusal('openai', reply, [400])
    }
  })

  test.each(dialects)('%s: 100 MB announced: refused at once, nothing is read', async (dialect) => {
    const { path, headers } = callOf(dialect, 'chat-m', { key: key() })
    const client = await openRaw(rig.gateway.url)
    const body = { 'content-type': 'application/json', 'content-length': 100 * megabyte }
    await client.write(headOf(rig.gateway.url, { path, headers: { ...headers, ...body } }))
    const answer = await client.until('}')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    checkRefusal(dialect, { status: 413, raw: answer.slice(answer.indexOf('\r\n\r\n') + 4) }, 413)
    expect(answer).toContain('bodyLimitMb')
    client.socket.destroy()
  })

  test.each([
    ['openai', 'announced'],
    ['gemini', 'announced'],
    ['openai', 'chunked'],
    ['gemini', 'chunked'],
  ] as const)('%s: 100 MB %s: 413 in words, although the client is still sending', async (dialect, how) => {
    const before = await rig.residentMb()
    const { path, headers } = callOf(dialect, 'chat-m', { key: key() })
    const client = await openRaw(rig.gateway.url)
    const framing = how === 'announced' ? { 'content-length': 100 * megabyte } : { 'transfer-encoding': 'chunked' }
    await client.write(headOf(rig.gateway.url, { path, headers: { ...headers, ...framing } }))
    const piece = Buffer.alloc(megabyte, 0x20)
    let sent = 0
    let peak = 0
    for (; sent < 100 && !client.closed() && !client.socket.destroyed; sent++) {
      if (how === 'chunked') await client.write(`${piece.length.toString(16)}\r\n`)
      await client.write(piece)
      if (how === 'chunked') await client.write('\r\n')
      if (sent % 20 === 0) peak = Math.max(peak, await rig.residentMb())
    }
    const answer = await client.until('}')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    checkRefusal(dialect, { status: 413, raw: answer.slice(answer.indexOf('\r\n\r\n') + 4) }, 413)
    client.socket.destroy()
    expect(peak - before).toBeLessThan(60)
  })
})

test('a content length that lies', async () => {
  const { path, headers, body } = callOf('openai', 'chat-m', { key: key() })
  const text = JSON.stringify(body)
  const lying = async (length: number | string, bytes: string, end: boolean): Promise<string> => {
    const client = await openRaw(rig.gateway.url)
    await client.write(headOf(rig.gateway.url, { path, headers: { ...headers, 'content-length': length } }))
    await client.write(bytes)
    if (end) client.socket.end()
    const answer = await client.until()
    client.socket.destroy()
    return answer
  }
  // shorter than the body: the rest is no request
  expect(await lying(10, text, false)).toMatch(/^HTTP\/1\.1 400 [\s\S]*"message":/)
  // longer than the body, and the client hangs up: there is nobody to tell
  expect(await lying(text.length + 50, text, true)).not.toContain(' 200 ')
  for (const length of ['-1', '1e3', 'abc', '99999999999999999999999']) {
    expect(await lying(length, text, true)).toMatch(/^HTTP\/1\.1 4(00|13) [\s\S]*"message":/)
  }
  // both ways of saying it at once is how requests are smuggled
  const client = await openRaw(rig.gateway.url)
  const both = { ...headers, 'content-length': 4, 'transfer-encoding': 'chunked' }
  await client.write(`${headOf(rig.gateway.url, { path, headers: both })}0\r\n\r\n`)
  expect(await client.until()).toMatch(/^HTTP\/1\.1 400 /)
  client.socket.destroy()
})

test('prototype keys arrive as the data they are', async () => {
  const args = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}'
  const schema =
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"},"toString":{"type":"number"}}}'
  const openai = (model: string) =>
    `{"model":"${model}","__proto__":{"x":1},"constructor":1,"messages":[{"role":"user","content":"x","__proto__":{"role":"tool"}},{"role":"assistant","content":null,"tool_calls":[{"id":"__proto__","type":"function","function":{"name":"constructor","arguments":${JSON.stringify(args)}}}]},{"role":"tool","tool_call_id":"__proto__","content":"y"}],"tools":[{"type":"function","function":{"name":"constructor","parameters":${schema}}},{"type":"function","function":{"name":"__proto__","parameters":${schema}}}]}`
  const gemini = `{"__proto__":{"x":1},"constructor":1,"contents":[{"role":"user","parts":[{"text":"x"}]},{"role":"model","parts":[{"functionCall":{"id":"__proto__","name":"constructor","args":${args}}}]},{"role":"user","parts":[{"functionResponse":{"id":"__proto__","name":"constructor","response":${args}}}]}],"tools":[{"functionDeclarations":[{"name":"constructor","parameters":${schema}},{"name":"__proto__","parameters":${schema}}]}]}`
  for (const [dialect, model, body] of [
    ['openai', 'chat-m', openai('chat-m')],
    ['openai', 'gemini-m', openai('gemini-m')],
    ['gemini', 'chat-m', gemini],
    ['gemini', 'gemini-m', gemini],
  ] as const) {
    const reply = await post(dialect, model, body)
    expect(reply.status, `${dialect} to ${model}: ${reply.raw}`).toBe(200)
    const sent = rig.provider.requests.at(-1)!.body.replaceAll('\\"', '"')
    expect(sent, `${dialect} to ${model}`).toContain('"__proto__":{"polluted":1}')
    expect(sent, `${dialect} to ${model}`).toContain('"constructor":{"prototype":{"polluted":1}}')
    expect(sent, `${dialect} to ${model}`).toMatch(/"__proto__":\{"type":"string"\}/i)
  }
})

test('path tricks lead nowhere', async () => {
  const { headers, body } = callOf('gemini', 'x', { key: key() })
  const tricks = [
    '/v1beta/models/%2e%2e%2f%2e%2e%2fadmin:generateContent',
    '/v1beta/models/..:generateContent',
    '/v1beta/models/../models/gemini-m:generateContent',
    '/v1beta/models/gemini-%2e%2e/..:generateContent',
    '/v1beta/models/gemini-a%2f..%2f..%2f..%2fadmin:generateContent',
    '/v1beta/models/gemini-a%3fkey=1%23:generateContent',
    '/v1beta/models/gemini-%00:generateContent',
    '/v1beta/models/gemini-%0d%0ax-injected:%201:generateContent',
    '/v1beta/models/gemini-%ff%fe:generateContent',
    '/v1beta/models/gemini-%:generateContent',
    '/v1beta/models/:generateContent',
    '/v1beta/models//:generateContent',
    '/v1beta//models//gemini-m:generateContent',
    '//v1beta/models/gemini-m:generateContent',
    '/v1beta/models/gemini-m:__proto__',
    '/v1beta/models/gemini-m:constructor',
    '/v1beta/../v1/chat/completions',
    '/k/x/../../healthz',
    '/k//v1/models',
    '/k/%/v1/models',
    '/k/',
    '/k',
    '//',
    '/%',
    '/%00',
    'http://elsewhere.example/v1/models',
    '*',
  ]
  for (const path of tricks) {
    const before = rig.provider.requests.length
    const text = JSON.stringify(body)
    const client = await openRaw(rig.gateway.url)
    const framing = { ...headers, 'content-length': text.length, connection: 'close' }
    await client.write(headOf(rig.gateway.url, { path, headers: framing }) + text)
    const answer = await client.until()
    client.socket.destroy()
    expect(answer, path).toMatch(/^HTTP\/1\.1 (200|4\d\d) /)
    expect(answer, path).not.toMatch(/^x-injected/im)
    if (!answer.startsWith('HTTP/1.1 200')) expect(answer, path).toMatch(/"message":"[^"]{10,}/)
    for (const asked of rig.provider.requests.slice(before)) {
      expect(asked.path, path).toMatch(/^\/v1beta\/models\/[^/]+:generateContent$|^\/v1\/chat\/completions$/)
      expect(asked.headers['x-injected']).toBeUndefined()
    }
  }
})

describe('who is let in', () => {
  const refusedBefore = async (
    headers: Record<string, string | undefined>,
    path = '/v1/chat/completions',
  ): Promise<Reply> => {
    const before = rig.provider.requests.length
    // a body that never comes: the refusal must not wait for it
    const client = await openRaw(rig.gateway.url)
    await client.write(headOf(rig.gateway.url, { path, headers: { 'content-length': '1000', ...headers } }))
    const answer = await client.until('}}')
    client.socket.destroy()
    expect(rig.provider.requests.length).toBe(before)
    return {
      status: Number(answer.slice(9, 12)),
      raw: answer.slice(answer.indexOf('\r\n\r\n') + 4),
      headers: {},
      chunks: [],
      aborted: false,
    }
  }

  test.each<{ host?: string; origin?: string }>([
    { host: 'evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: 'localhost.evil.example:4141' },
    { host: '169.254.169.254' },
    { host: '' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost' },
  ])('%o is refused before its body is read', async (named) => {
    for (const dialect of dialects) {
      const { path, headers } = callOf(dialect, 'chat-m', { key: key() })
      checkRefusal(dialect, await refusedBefore({ ...headers, ...named }, path), 403)
    }
  })

  test('wrong and missing keys, in each place', async () => {
    const wrong = `${key().slice(0, -1)}${key().endsWith('x') ? 'y' : 'x'}`
    const places = (given: string): [string, Record<string, string>][] => [
      ['', { 'x-goog-api-key': given }],
      ['', { 'x-api-key': given }],
      ['', { 'api-key': given }],
      ['', { 'x-patchbay-key': given }],
      ['', { authorization: `Bearer ${given}` }],
      ['', { authorization: given }],
      ['', { authorization: `Basic ${given}` }],
      [`?key=${given}`, {}],
    ]
    const paths = { openai: '/v1/chat/completions', gemini: '/v1beta/models/chat-m:generateContent' } as const
    for (const dialect of dialects) {
      for (const given of [wrong, key().slice(0, -1), `${key()}x`, '0', encodeURIComponent('__proto__')]) {
        for (const [query, headers] of places(given)) {
          const reply = await refusedBefore(headers, paths[dialect] + query)
          // the path says whose words are understood, whatever header carries the key
          checkRefusal(dialect, reply, 401)
          expect(reply.raw).not.toContain(key())
        }
        checkRefusal(dialect, await refusedBefore({}, `/k/${given}${paths[dialect]}`), 401)
      }
      expect(checkRefusal(dialect, await refusedBefore({}, paths[dialect]), 401)).toContain('client key')
    }
  })

  test('every place takes the right one', async () => {
    const { body } = callOf('openai', 'chat-m', { key: key() })
    for (const [path, headers] of [
      ['/v1/chat/completions', { 'x-goog-api-key': key() }],
      ['/v1/chat/completions', { 'x-api-key': key() }],
      ['/v1/chat/completions', { 'api-key': key() }],
      ['/v1/chat/completions', { 'x-patchbay-key': key() }],
      ['/v1/chat/completions', { authorization: `bearer  ${key()}` }],
      [`/v1/chat/completions?key=${key()}`, {}],
      [`/k/${key()}/v1/chat/completions`, {}],
    ] as [string, Record<string, string>][]) {
      const reply = await send({ url: rig.gateway.url, path, headers, body })
      expect(reply.status, path).toBe(200)
      // the gateway's key stays here
      const { path: asked, rawHeaders } = rig.provider.requests.at(-1)!
      expect(asked + rawHeaders.join()).not.toContain(key())
    }
  })
})
