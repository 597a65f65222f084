import { describe, expect, test } from 'vitest'
import type { Answer } from '../../helpers/scripted-provider.ts'
import * as answers from './answers.ts'
import { startSearching, startService } from './rig.ts'

const first = 'https://example.org/first?a=1'
const second = 'https://example.com/second'

describe('each engine asks its service in its own words and is understood', () => {
  test('GLM, as a tool of a chat call that is not streamed', async () => {
    const service = await startService(answers.glmChat)
    const it = await startSearching(service.url, { engines: [{ id: 'glm', providerKey: 'glm.glm-4.7' }] })

    const { result, note } = await it.search({ query: 'the question', recency: 'oneWeek', count: 7 })

    const [asked] = service.requests
    expect(asked).toMatchObject({ method: 'POST', path: '/api/paas/v4/chat/completions' })
    expect(asked!.headers.authorization).toBe('Bearer glm-key-1234')
    expect(asked!.json).toMatchObject({
      model: 'glm-4.7',
      stream: false,
      tools: [
        {
          type: 'web_search',
          web_search: {
            enable: true,
            search_engine: 'search_pro_jina',
            search_query: 'the question',
            search_result: true,
            search_recency_filter: 'oneWeek',
            count: 7,
          },
        },
      ],
    })
    expect(result).toEqual({
      engine: 'glm',
      query: 'the question',
      summary: 'Two pages tell of it.',
      hits: [
        { title: 'First page', url: first, snippet: 'What the first says.', source: 'Example', date: '2026-11-20' },
        { title: 'Second page', url: second, snippet: 'R&D says the second.' },
      ],
    })
    expect(note.tries).toMatchObject([{ usage: { inputTokens: 900, outputTokens: 12, totalTokens: 912 } }])
  })

  test('GLM’s hits are found inside what wraps them', async () => {
    const service = await startService({ json: { code: 200, data: { response: answers.glmChat.json } } })
    const it = await startSearching(service.url, { engines: [{ id: 'glm', providerKey: 'glm.glm-4.7' }] })
    expect((await it.search({ query: 'q' })).result).toMatchObject({
      summary: 'Two pages tell of it.',
      hits: [{ url: first }, { url: second }],
    })
  })

  test('GLM’s search endpoint, with options in its own words', async () => {
    const service = await startService(answers.glmSearch)
    const options = { endpoint: 'search', search_engine: 'search_pro', content_size: 'high' }
    const it = await startSearching(service.url, { engines: [{ id: 'glm', providerKey: 'glm.any', options }] })

    const { result } = await it.search({ query: 'x'.repeat(100) })

    expect(service.requests[0]).toMatchObject({
      path: '/api/paas/v4/web_search',
      json: {
        search_query: 'x'.repeat(70),
        search_engine: 'search_pro',
        content_size: 'high',
        search_intent: false,
        count: 10,
      },
    })
    expect(service.requests[0]!.json).not.toHaveProperty('endpoint')
    expect(result).toMatchObject({ summary: '', hits: [{ url: first }, { url: second }] })
  })

  test('Gemini: a request that carries only googleSearch; its grounding becomes hits', async () => {
    const service = await startService(answers.gemini)
    const it = await startSearching(service.url, {
      engines: [{ id: 'google', providerKey: 'google.gemini-3.5-flash', options: { excludeDomains: ['x.example'] } }],
    })

    const { result } = await it.search({ query: 'the question', recency: 'oneDay' })

    const [asked] = service.requests
    expect(asked).toMatchObject({ method: 'POST', path: '/v1beta/models/gemini-3.5-flash:generateContent' })
    expect(asked!.headers['x-goog-api-key']).toBe('google-key-1234')
    expect(asked!.json).toMatchObject({ tools: [{ googleSearch: { excludeDomains: ['x.example'] } }] })
    expect((asked!.json as { tools: object[] }).tools).toHaveLength(1)
    expect(asked!.body).toContain('the question')
    expect(asked!.body).toContain('the last day')
    expect(result).toEqual({
      engine: 'google',
      query: 'the question',
      summary: 'Žluťoučký kůň běžel. And then it rested.',
      hits: [
        {
          title: 'example.org',
          url: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/AAA',
          snippet: 'Žluťoučký kůň běžel.',
          source: 'example.org',
        },
        {
          title: 'example.com',
          url: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/BBB',
          snippet: 'Žluťoučký kůň běžel. And then it rested.',
          source: 'example.com',
        },
      ],
    })
  })

  test('a Gemini that searched and used no page brings its words alone', async () => {
    const metadata = { webSearchQueries: ['q'], searchEntryPoint: { renderedContent: '<div></div>' } }
    const candidate = {
      content: { parts: [{ text: 'Nothing is known.' }] },
      finishReason: 'STOP',
      groundingMetadata: metadata,
    }
    const service = await startService({ json: { candidates: [candidate] } })
    const it = await startSearching(service.url, { engines: [{ id: 'google', providerKey: 'google.m' }] })
    expect((await it.search({ query: 'q' })).result).toMatchObject({ summary: 'Nothing is known.', hits: [] })
  })

  test('a chat model that searches by itself; a citation’s line is its snippet', async () => {
    const service = await startService(answers.chat)
    const it = await startSearching(service.url, { engines: [{ id: 'o', providerKey: 'openai.gpt-5-search-api' }] })

    const { result } = await it.search({ query: 'the question' })

    expect(service.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      json: { model: 'gpt-5-search-api', web_search_options: {} },
    })
    expect(result).toMatchObject({
      hits: [{ title: 'First page', url: first, snippet: 'It was released in May example.org.' }],
    })
  })

  test('OpenRouter is asked with its own tool, and a provider of the config with what the config says', async () => {
    const service = await startService(answers.chat)
    const own = {
      type: 'openai',
      discovery: 'off',
      baseUrl: `${service.url}/own/v1`,
      auth: { type: 'none' },
      models: { m: {} },
    }
    const providers = {
      openrouter: { profile: 'openrouter', discovery: 'off', baseUrl: `${service.url}/or/v1`, auth: { type: 'none' } },
      own: { ...own, webSearch: { engine: 'chat', fields: { tools: [{ type: 'web_search' }] } } },
    }
    const engines = [
      { id: 'or', providerKey: 'openrouter.x/y' },
      { id: 'own', providerKey: 'own.m' },
    ]
    const it = await startSearching(service.url, { engines }, { providers })
    await it.search({ query: 'q', engine: 'or' })
    await it.search({ query: 'q', engine: 'own' })
    expect(service.requests.map(({ path, json }) => [path, (json as { tools: object[] }).tools])).toEqual([
      ['/or/v1/chat/completions', [{ type: 'openrouter:web_search' }]],
      ['/own/v1/chat/completions', [{ type: 'web_search' }]],
    ])
  })

  test('Brave', async () => {
    const service = await startService(answers.brave)
    const engine = { id: 'brave', service: 'brave', baseUrl: `${service.url}/res/v1`, secret: 'env:SEARCH' }
    const it = await startSearching(service.url, { engines: [{ ...engine, options: { country: 'cz' } }] })

    const { result } = await it.search({ query: 'two words', recency: 'oneMonth', count: 50 })

    const [asked] = service.requests
    expect(asked).toMatchObject({
      method: 'GET',
      path: '/res/v1/web/search?q=two+words&count=20&freshness=pm&country=cz',
    })
    expect(asked!.headers['x-subscription-token']).toBe('search-key-1234')
    expect(asked!.headers).not.toHaveProperty('authorization')
    expect(result).toMatchObject({
      summary: '',
      hits: [
        {
          title: 'First page',
          url: first,
          snippet: 'What the first says & does More of it.',
          source: 'Example',
          date: '2026-11-24T08:00:00',
        },
        { title: 'Second page', url: second, source: 'example.com' },
      ],
    })
  })

  test('Tavily', async () => {
    const service = await startService(answers.tavily)
    const engine = { id: 't', service: 'tavily', baseUrl: service.url, secret: 'env:SEARCH' }
    const it = await startSearching(service.url, { engines: [engine] })

    const { result } = await it.search({ query: 'q', recency: 'oneYear', count: 4 })

    const [asked] = service.requests
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/search',
      json: { query: 'q', max_results: 4, include_answer: true, time_range: 'year' },
    })
    expect(asked!.headers.authorization).toBe('Bearer search-key-1234')
    expect(result).toMatchObject({ summary: 'It is so.', hits: [{ url: first }, { url: second, date: '2026-11-01' }] })
  })

  test('SearXNG, without a key', async () => {
    const service = await startService(answers.searxng)
    const engine = {
      id: 's',
      service: 'searxng',
      baseUrl: `${service.url}/searx`,
      options: { categories: ['it', 'news'] },
    }
    const it = await startSearching(service.url, { engines: [engine] })

    const { result } = await it.search({ query: 'q', recency: 'oneDay', count: 1 })

    const [asked] = service.requests
    expect(asked).toMatchObject({
      method: 'GET',
      path: '/searx/search?q=q&time_range=day&categories=it%2Cnews&format=json',
    })
    expect(asked!.headers).not.toHaveProperty('authorization')
    expect(result).toMatchObject({
      summary: 'It is so.',
      hits: [{ title: 'First page', url: first, snippet: 'What the first says.', source: 'duckduckgo' }],
    })
    expect(result).toHaveProperty('hits.length', 1)
  })
})

describe('what goes wrong is said in words and costs no secret', () => {
  const braveAt = (url: string) => ({ id: 'brave', service: 'brave', baseUrl: url, secret: 'env:SEARCH' })
  const faults: [string, (url: string) => object, Answer, string, RegExp][] = [
    [
      'a bad key',
      braveAt,
      {
        status: 422,
        json: {
          type: 'ErrorResponse',
          error: { status: 422, code: 'SUBSCRIPTION_TOKEN_INVALID', detail: 'search-key-1234 is invalid.' },
        },
      },
      'bad-credentials',
      /refused its credential/,
    ],
    [
      'Tavily’s 401',
      (url) => ({ ...braveAt(url), service: 'tavily' }),
      { status: 401, json: { detail: { error: 'Unauthorized: missing or invalid API key.' } } },
      'bad-credentials',
      /Unauthorized: missing or invalid API key/,
    ],
    [
      'Tavily’s used up plan',
      (url) => ({ ...braveAt(url), service: 'tavily' }),
      { status: 432, json: { detail: { error: "This request exceeds your plan's set usage limit." } } },
      'quota-exhausted',
      /used up/,
    ],
    ['a limit', braveAt, { status: 429, headers: { 'retry-after': '30' }, json: {} }, 'rate-limited', /in 30 s/],
    [
      'a SearXNG that gives no JSON',
      (url) => ({ id: 's', service: 'searxng', baseUrl: url }),
      { status: 403, text: '<!doctype html><title>403 Forbidden</title>' },
      'needs-user-action',
      /add json to search\.formats/,
    ],
    [
      'a web page with a good status',
      (url) => ({ id: 's', service: 'searxng', baseUrl: url }),
      { headers: { 'content-type': 'text/html' }, text: '<!doctype html><title>Welcome</title>' },
      'provider-error',
      /no JSON object/,
    ],
    ['nothing there', braveAt, { status: 404, text: 'Not Found' }, 'needs-user-action', /check the baseUrl/],
    [
      'GLM’s failure inside a good status',
      () => ({ id: 'glm', providerKey: 'glm.m' }),
      { json: { error: { code: '1113', message: 'no balance' } } },
      'quota-exhausted',
      /no balance/,
    ],
    [
      'a GLM that did not search',
      () => ({ id: 'glm', providerKey: 'glm.m' }),
      { json: { choices: [{ message: { role: 'assistant', content: 'From memory.' }, finish_reason: 'stop' }] } },
      'unsupported',
      /did not search/,
    ],
    [
      'a Gemini that did not search',
      () => ({ id: 'google', providerKey: 'google.m' }),
      { json: { candidates: [{ content: { parts: [{ text: 'From memory.' }] }, finishReason: 'STOP' }] } },
      'unsupported',
      /did not search/,
    ],
    [
      'a Gemini that will not',
      () => ({ id: 'google', providerKey: 'google.m' }),
      { json: { candidates: [{ content: { parts: [] }, finishReason: 'SAFETY' }] } },
      'content-filtered',
      /content filter/i,
    ],
  ]

  test.each(faults)('%s', async (_name, engine, answer, kind, words) => {
    const service = await startService(answer)
    const it = await startSearching(service.url, { engines: [engine(service.url)], deadlineMs: 20_000 })
    const { failed, note } = await it.search({ query: 'q' })
    expect(note.tries.map(({ failure }) => failure?.kind)).toEqual([kind])
    expect(failed).toMatch(words)
    expect(JSON.stringify({ failed, note })).not.toContain('search-key-1234')
  })
})
