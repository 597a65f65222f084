import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Json } from '../../../src-core/model/json.ts'
import { type DiscoveredModel, discoverModels, type FetchJson } from '../../../src-core/providers/discovery.ts'
import { createReportedLimits, type ReportedLimits } from '../../../src-core/providers/reported-limits.ts'
import type { DiscoveryKind, ResolvedProvider } from '../../../src-core/providers/resolved-provider.ts'

type Answers = Record<string, unknown>

const servers: http.Server[] = []
const stores: ReportedLimits[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) store.close()
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done).closeAllConnections())))
})

/** A service that answers these paths (query included; POST bodies by model) and 404 for the rest. */
async function serve(answers: Answers): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const model = body === '' ? '' : ` ${(JSON.parse(body) as { model: string }).model}`
    const question = `${request.method} ${request.url}${model}`
    asked.push(question)
    const answer = answers[question]
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? { detail: 'Not Found' }))
  })
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const fetchJson: FetchJson = async (url, { method, body, signal }) => {
  const response = await fetch(url, { method, body: body === undefined ? undefined : JSON.stringify(body), signal })
  if (!response.ok) throw new Error(`${response.status} ${url.pathname}`)
  return (await response.json()) as Json
}

function providerAt(baseUrl: string, discovery: DiscoveryKind, more: Partial<ResolvedProvider> = {}): ResolvedProvider {
  return {
    id: 'p',
    name: 'P',
    profile: 'p',
    protocol: discovery === 'gemini' ? 'gemini-chat' : 'openai-chat',
    envelope: 'none',
    baseUrl,
    enabled: true,
    builtIn: false,
    headers: {},
    apiKeyHeader: 'authorization',
    credentials: [{ alias: 'default', type: 'none' }],
    timeouts: { connectMs: 1000, firstByteMs: 1000, idleMs: 1000 },
    discovery,
    failures: [],
    waits: [],
    ...more,
  }
}

async function discover(kind: DiscoveryKind, basePath: string, answers: Answers) {
  const { origin, asked } = await serve(answers)
  const provider = providerAt(origin + basePath, kind)
  const models = await discoverModels({ provider, fetchJson, signal: AbortSignal.timeout(5000) })
  return { models: models.map(defined), asked }
}

const defined = (model: DiscoveredModel) => JSON.parse(JSON.stringify(model)) as unknown

describe('what services say', () => {
  test('LiteLLM: groups with floats, nulls and wildcards, filled up from the plain list', async () => {
    const { models } = await discover('litellm', '/v1', {
      'GET /model_group/info': {
        data: [
          { model_group: 'azure-gpt-5', max_input_tokens: 272000.0, max_output_tokens: '128000' },
          { model_group: 'unknown', max_input_tokens: null },
          { model_group: 'openai/*', max_input_tokens: 1 },
          'nonsense',
        ],
      },
      'GET /v1/models': { data: [{ id: 'azure-gpt-5' }, { id: 'unknown', max_input_tokens: 8192.7 }, { id: 'extra' }] },
    })
    expect(models).toEqual([
      { id: 'azure-gpt-5', maxContextTokens: 272_000, maxOutputTokens: 128_000, from: '/model_group/info' },
      { id: 'unknown', maxContextTokens: 8192, from: '/model_group/info' },
      { id: 'extra', from: '/v1/models' },
    ])
  })

  test('LiteLLM: groups without limits give way to deployments, the narrowest of a name', async () => {
    const { models } = await discover('litellm', '/v1', {
      'GET /model_group/info': { data: [{ model_group: 'a', max_input_tokens: null }] },
      'GET /v1/model/info': {
        data: [
          { model_name: 'a', model_info: { max_input_tokens: 200000, max_output_tokens: 4096 } },
          { model_name: 'a', model_info: { max_input_tokens: 128000, max_output_tokens: null } },
          { model_name: 'b', model_info: null },
        ],
      },
      'GET /v1/models': { data: [{ id: 'a' }, { id: 'b' }] },
    })
    expect(models).toEqual([
      { id: 'a', maxContextTokens: 128_000, maxOutputTokens: 4096, from: '/v1/model/info' },
      { id: 'b', from: '/v1/model/info' },
    ])
  })

  test('LiteLLM: a key that may only list', async () => {
    const { models } = await discover('litellm', '/proxy/v1', { 'GET /proxy/v1/models': { data: [{ id: 'a' }] } })
    expect(models).toEqual([{ id: 'a', from: '/v1/models' }])
  })

  test('LiteLLM: nothing to be had is a failure', async () => {
    await expect(discover('litellm', '/v1', {})).rejects.toThrow('404 /v1/models')
  })

  test('Gemini: page by page, what generates', async () => {
    const { models, asked } = await discover('gemini', '/v1beta', {
      'GET /v1beta/models?pageSize=1000': {
        models: [
          {
            name: 'models/gemini-3.5-flash',
            inputTokenLimit: 1048576,
            outputTokenLimit: 65536,
            supportedGenerationMethods: ['generateContent'],
          },
          { name: 'models/embedding', inputTokenLimit: 2048, supportedGenerationMethods: ['embedContent'] },
        ],
        nextPageToken: 'a b',
      },
      'GET /v1beta/models?pageSize=1000&pageToken=a+b': { models: [{ name: 'models/second' }], nextPageToken: '' },
    })
    expect(models).toEqual([
      { id: 'gemini-3.5-flash', maxContextTokens: 1_048_576, maxOutputTokens: 65_536, from: '/models' },
      { id: 'second', from: '/models' },
    ])
    expect(asked).toHaveLength(2)
  })

  test('Gemini: a token that never changes ends', async () => {
    const page = { models: [{ name: 'models/a' }], nextPageToken: 't' }
    const { models, asked } = await discover('gemini', '/v1beta', {
      'GET /v1beta/models?pageSize=1000': page,
      'GET /v1beta/models?pageSize=1000&pageToken=t': page,
    })
    expect(models).toEqual([{ id: 'a', from: '/models' }])
    expect(asked).toHaveLength(2)
  })

  test('Anthropic: page by page', async () => {
    const { models } = await discover('anthropic', '/v1', {
      'GET /v1/models?limit=1000': {
        data: [{ id: 'claude-a', max_input_tokens: 200000, max_tokens: 64000 }],
        has_more: true,
        last_id: 'claude-a',
      },
      'GET /v1/models?limit=1000&after_id=claude-a': {
        data: [{ id: 'claude-b' }],
        has_more: false,
        last_id: 'claude-b',
      },
    })
    expect(models).toEqual([
      { id: 'claude-a', maxContextTokens: 200_000, maxOutputTokens: 64_000, from: '/models' },
      { id: 'claude-b', from: '/models' },
    ])
  })

  test('Ollama: the loaded window, else num_ctx; a maximum only from the cloud', async () => {
    const shown = (parameters: string, remote = {}) => ({
      parameters,
      model_info: { 'general.name': 'x', 'llama.context_length': 131072 },
      ...remote,
    })
    const { models, asked } = await discover('ollama', '/v1', {
      'GET /api/tags': {
        models: [
          { name: 'loaded:latest' },
          { name: 'tuned' },
          { name: 'plain' },
          { name: 'big:cloud', remote_host: 'https://ollama.com' },
          { name: 'broken' },
        ],
      },
      'GET /api/ps': { models: [{ name: 'loaded:latest', context_length: 32768 }] },
      'POST /api/show tuned': shown('stop "x"\nnum_ctx                        16384\ntemperature 1'),
      'POST /api/show plain': shown('temperature 1'),
      'POST /api/show big:cloud': shown(''),
    })
    expect(models).toEqual([
      { id: 'loaded:latest', maxContextTokens: 32_768, from: '/api/ps' },
      { id: 'tuned', maxContextTokens: 16_384, from: '/api/show' },
      { id: 'plain', from: '/api/show' },
      { id: 'big:cloud', maxContextTokens: 131_072, from: '/api/show' },
      { id: 'broken', from: '/api/show' },
    ])
    expect(asked).not.toContain('POST /api/show loaded:latest')
  })

  test('LM Studio: what is loaded before what could be', async () => {
    const { models } = await discover('lmstudio', '/v1', {
      'GET /api/v1/models': {
        models: [
          {
            key: 'loaded',
            type: 'llm',
            max_context_length: 131072,
            loaded_instances: [{ config: { context_length: 8192 } }, { config: { context_length: 4096 } }],
          },
          { key: 'idle', type: 'llm', max_context_length: 32768, loaded_instances: [] },
          { key: 'vectors', type: 'embedding', max_context_length: 2048 },
        ],
      },
    })
    expect(models).toEqual([
      { id: 'loaded', maxContextTokens: 4096, from: '/api/v1/models' },
      { id: 'idle', maxContextTokens: 32_768, from: '/api/v1/models' },
    ])
  })

  test('LM Studio, the older list', async () => {
    const { models } = await discover('lmstudio', '/v1', {
      'GET /api/v0/models': {
        data: [
          { id: 'a', state: 'loaded', max_context_length: 9000, loaded_context_length: 5000 },
          { id: 'b', max_context_length: 9000 },
        ],
      },
    })
    expect(models).toEqual([
      { id: 'a', maxContextTokens: 5000, from: '/api/v0/models' },
      { id: 'b', maxContextTokens: 9000, from: '/api/v0/models' },
    ])
  })

  test('OpenAI’s shape, limits in anyone’s words', async () => {
    const { models } = await discover('openai', '/v1', {
      'GET /v1/models': {
        data: [
          { id: 'gpt-5', object: 'model' },
          {
            id: 'openrouter',
            context_length: 200000,
            top_provider: { context_length: 128000, max_completion_tokens: 16000 },
          },
          { id: 'vllm', max_model_len: 32768 },
          { id: 'groq', context_window: 131072, max_completion_tokens: 8192 },
          { id: 'odd', context_length: -1 },
          { object: 'model' },
        ],
      },
    })
    expect(models).toEqual([
      { id: 'gpt-5', from: '/models' },
      { id: 'openrouter', maxContextTokens: 128_000, maxOutputTokens: 16_000, from: '/models' },
      { id: 'vllm', maxContextTokens: 32_768, from: '/models' },
      { id: 'groq', maxContextTokens: 131_072, maxOutputTokens: 8192, from: '/models' },
      { id: 'odd', from: '/models' },
    ])
  })

  test.each<DiscoveryKind>(['openai', 'gemini', 'anthropic'])(
    '%s: an answer of another shape is no models',
    async (kind) => {
      const paths = ['GET /v1/models', 'GET /v1/models?pageSize=1000', 'GET /v1/models?limit=1000']
      for (const answer of ['null', '[]', '{"data":{},"models":7}', '"x"']) {
        const { models } = await discover(kind, '/v1', Object.fromEntries(paths.map((path) => [path, answer])))
        expect(models).toEqual([])
      }
    },
  )

  test('none: nobody is asked', async () => {
    expect(await discover('none', '/v1', {})).toEqual({ models: [], asked: [] })
  })
})

describe('limits reported in the background', () => {
  const list = (window: number): Answers => ({
    'GET /v1/models': {
      data: [
        { id: 'm', context_length: window },
        { id: 'llama:latest', context_length: 5 },
      ],
    },
  })

  function storeOf(more: Partial<Parameters<typeof createReportedLimits>[0]> = {}) {
    const learnt = Promise.withResolvers<void>()
    const failures: unknown[] = []
    const store = createReportedLimits({
      discover: (provider, signal) => discoverModels({ provider, fetchJson, signal }),
      onChange: () => learnt.resolve(),
      onFailure: (_provider, failure) => failures.push(failure),
      ...more,
    })
    stores.push(store)
    return { store, learnt: learnt.promise, failures }
  }

  test('following returns at once; the answer counts when it is there', async () => {
    const { origin } = await serve(list(1000))
    const { store, learnt } = storeOf()
    store.follow([providerAt(`${origin}/v1`, 'openai')])
    expect(store.limitsOf('p', 'm')).toBeUndefined()
    const before = store.revision
    await learnt
    expect(store.revision).toBeGreaterThan(before)
    expect(store.limitsOf('p', 'm')).toMatchObject({ maxContextTokens: 1000 })
    expect(store.limitsOf('p', 'llama')).toMatchObject({ maxContextTokens: 5 })
    expect(store.limitsOf('p', 'other')).toBeUndefined()
    expect(store.modelsOf('p')).toHaveLength(2)
  })

  test('off, disabled, or only the caller’s key: not asked', async () => {
    const { origin, asked } = await serve(list(1))
    const { store } = storeOf()
    const base = `${origin}/v1`
    store.follow([
      providerAt(base, 'none', { id: 'off' }),
      providerAt(base, 'openai', { id: 'disabled', enabled: false }),
      providerAt(base, 'openai', { id: 'client', credentials: [{ alias: 'default', type: 'client' }] }),
    ])
    await store.refresh(providerAt(base, 'openai', { id: 'asked by hand' }))
    expect(asked).toEqual(['GET /v1/models'])
  })

  test('the same service is asked once, a changed or dropped one is forgotten', async () => {
    const one = await serve(list(1000))
    const { store, learnt } = storeOf()
    const provider = providerAt(`${one.origin}/v1`, 'openai')
    store.follow([provider])
    await learnt
    store.follow([{ ...provider, timeouts: { ...provider.timeouts, idleMs: 7 } }])
    expect(store.limitsOf('p', 'm')).toBeDefined()
    expect(one.asked).toHaveLength(1)
    const revision = store.revision
    store.follow([])
    expect(store.limitsOf('p', 'm')).toBeUndefined()
    expect(store.revision).toBeGreaterThan(revision)
  })

  test('a service that is down is asked again, and what is known stays', async () => {
    let up = true
    let asked = 0
    const again = Promise.withResolvers<void>()
    const { store, learnt, failures } = storeOf({
      discover: async () => {
        asked++
        if (asked === 4) again.resolve()
        if (!up) throw new Error('down')
        up = false
        return [{ id: 'm', maxContextTokens: 1, from: '/models' }]
      },
      refreshMs: 1,
      retryMs: 1,
    })
    store.follow([providerAt('http://127.0.0.1:9/v1', 'openai')])
    await learnt
    await again.promise
    expect(failures.length).toBeGreaterThanOrEqual(2)
    expect(store.limitsOf('p', 'm')).toBeDefined()
  })

  test('the same answer again changes nothing', async () => {
    const { origin } = await serve(list(1000))
    const { store, learnt } = storeOf()
    const provider = providerAt(`${origin}/v1`, 'openai')
    store.follow([provider])
    await learnt
    const revision = store.revision
    await store.refresh(provider)
    expect(store.revision).toBe(revision)
  })

  test('closing ends a question that hangs', async () => {
    const aborted = Promise.withResolvers<void>()
    const asking = Promise.withResolvers<void>()
    const { store, failures } = storeOf({
      discover: (_provider, signal) =>
        new Promise((_resolve, reject) => {
          asking.resolve()
          signal.addEventListener('abort', () => {
            reject(new Error('aborted'))
            aborted.resolve()
          })
        }),
    })
    store.follow([providerAt('http://127.0.0.1:9/v1', 'openai')])
    await asking.promise
    store.close()
    await aborted.promise
    await new Promise((later) => setImmediate(later))
    expect(failures).toEqual([])
  })
})
