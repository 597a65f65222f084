import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { EngineAnswer, SearchEngine } from '../../../src-core/web-search/engine.ts'
import { createSearch, type EngineHealth, type ReadyEngine } from '../../../src-core/web-search/search.ts'
import type { Answer } from '../../helpers/scripted-provider.ts'
import * as answers from './answers.ts'
import { startSearching, startService } from './rig.ts'

const searxngAt = (url: string, more: object = {}) => ({ id: 'own', service: 'searxng', baseUrl: url, ...more })
const glm = { id: 'glm', providerKey: 'glm.glm-4.7' }
const down: Answer = { status: 500, json: { error: { message: 'out of order' } } }
const empty: Answer = { json: { query: 'q', results: [], answers: [] } }

describe('one engine after the other', () => {
  test('the next answers when the first fails, and the note says how it went', async () => {
    const [first, second] = [await startService({ status: 429, json: {} }), await startService(answers.searxng)]
    const it = await startSearching(first.url, { engines: [glm, searxngAt(second.url)] })
    const { result, note } = await it.search({ query: 'q' })
    expect(result).toMatchObject({ engine: 'own', summary: 'It is so.' })
    expect(note).toMatchObject({
      query: 'q',
      engine: 'own',
      because: 'glm is the first in the config',
      tries: [
        { engine: 'glm', hits: 0, failure: { kind: 'rate-limited' } },
        { engine: 'own', hits: 2 },
      ],
      hits: 2,
    })
  })

  test('one that failed rests: the next search asks it last, and a saved change forgives it', async () => {
    const [first, second] = [await startService({ status: 429, json: {} }), await startService(answers.searxng)]
    const it = await startSearching(first.url, { engines: [glm, searxngAt(second.url)] })
    await it.search({ query: 'q' })
    const { note } = await it.search({ query: 'q' })
    expect(note.tries.map(({ engine }) => engine)).toEqual(['own'])
    expect(note.because).toContain('rests after failures')
    expect((await it.call('listEngines')).answer.engines).toMatchObject([
      { id: 'glm', at: 'glm.glm-4.7', resting: { because: expect.stringContaining('limits how often') } },
      { id: 'own', at: 'searxng' },
    ])

    const { text, revision } = (await it.call('getConfig')).answer
    const saved = await it.call('saveConfig', { text: text.replace('"id": "own"', '"id": "mine"'), revision })
    expect(saved.status).toBe(200)
    first.reply(answers.glmChat)
    expect((await it.search({ query: 'q' })).note.engine).toBe('glm')
  })

  test('all fail: the model reads why, and it is no failure of the call', async () => {
    const service = await startService(down)
    const it = await startSearching(service.url, { engines: [glm, searxngAt(service.url)], deadlineMs: 20_000 })
    const { failed, result, note } = await it.search({ query: 'q' })
    expect(result).toBeUndefined()
    expect(failed).toMatch(/^The web search failed\. glm: .*own: .*Other words may help/)
    expect(note).toMatchObject({ hits: 0, tries: [{ engine: 'glm' }, { engine: 'own' }] })
    expect(note).not.toHaveProperty('engine')
    // each was asked twice: a hiccup deserves another try
    expect(service.requests).toHaveLength(4)
  })

  test('one that finds nothing leaves the word to the next; when all find nothing that is the answer', async () => {
    const [first, second] = [await startService(empty), await startService(answers.searxng)]
    const engines = [searxngAt(first.url), searxngAt(second.url, { id: 'other' })]
    const it = await startSearching(first.url, { engines })
    expect((await it.search({ query: 'q' })).result).toMatchObject({ engine: 'other' })
    second.reply(empty)
    expect((await it.search({ query: 'q' })).result).toEqual({ engine: 'own', query: 'q', summary: '', hits: [] })
  })

  test('a provider with two credentials: the second is asked before the next engine', async () => {
    const service = await startService(({ headers }) =>
      headers.authorization === 'Bearer second-key-1' ? answers.glmChat : { status: 401, json: {} },
    )
    const key = (alias: string) => ({ alias, type: 'apikey', secret: `env:${alias}` })
    const providers = {
      glm: { profile: 'glm', baseUrl: `${service.url}/v4`, auth: [key('ONE'), key('TWO')], models: { m: {} } },
    }
    const env = { ONE: 'first-key-1', TWO: 'second-key-1' }
    const it = await startSearching(service.url, { engines: [{ id: 'glm', providerKey: 'glm.m' }] }, { providers, env })
    const { note } = await it.search({ query: 'q' })
    expect(note.tries.map(({ failure }) => failure?.kind)).toEqual(['bad-credentials', undefined])
    // the refused one rests, the engine does not
    expect((await it.search({ query: 'q' })).note.tries).toMatchObject([{ hits: 2 }])
    expect((await it.call('listEngines')).answer.engines[0]).not.toHaveProperty('resting')
  })
})

describe('what cannot be asked', () => {
  test('WS6: an engine whose provider is switched off is passed over', async () => {
    const service = await startService(answers.searxng)
    const it = await startSearching(service.url, { engines: [{ ...glm, default: true }, searxngAt(service.url)] })
    await it.call('setProviderEnabled', { provider: 'glm', enabled: false })
    const { note } = await it.search({ query: 'q', engine: 'glm' })
    expect(note).toMatchObject({ engine: 'own', because: 'glm cannot be asked; own is the first in the config' })
    expect((await it.call('listEngines')).answer.engines[0]).toMatchObject({
      id: 'glm',
      isDefault: true,
      closed: expect.stringContaining('glm is switched off'),
    })
  })

  test('with a route web_search, only what the group in force lists there', async () => {
    const service = await startService(answers.glmChat)
    const routing = { web_search: [{ targets: ['glm.*'] }] }
    const engines = [{ id: 'google', providerKey: 'google.m' }, glm]
    const it = await startControlledGroups(service.url, engines, routing)
    const { note } = await it.search({ query: 'q' })
    expect(note.tries.map(({ engine }) => engine)).toEqual(['glm'])
    expect((await it.call('listEngines')).answer.engines[0]?.closed).toBe(
      'google.m is not in the route web_search of first',
    )
  })

  test.each([
    [
      'a service without its key',
      { id: 'b', service: 'brave', secret: 'env:NOT_SET' },
      /NOT_SET is not set/,
      /"noCredential":"[^"]*NOT_SET/,
    ],
    [
      'a provider that answers itself',
      { id: 'd', providerKey: 'demo.m' },
      /do not search the web by themselves/,
      /"closed":/,
    ],
    [
      'the gateway itself',
      { id: 'self', service: 'searxng', baseUrl: 'SELF' },
      /points at this gateway itself/,
      /"at":"searxng"/,
    ],
  ])('%s says so', async (_name, engine, words, shown) => {
    const service = await startService(down)
    const demo = { demo: { profile: 'demo', models: { '*': {} } } }
    const it = await startSearching(service.url, { engines: [] }, { providers: demo })
    const { text, revision } = (await it.call('getConfig')).answer
    const engines = JSON.stringify([engine]).replace('SELF', it.url)
    await it.call('saveConfig', { text: text.replace('"engines": []', `"engines": ${engines}`), revision })
    expect((await it.search({ query: 'q' })).failed).toMatch(words)
    expect(JSON.stringify((await it.call('listEngines')).answer.engines)).toMatch(shown)
    expect(service.requests).toEqual([])
  })

  test('no engine at all', async () => {
    const it = await startSearching('http://127.0.0.1:9', { engines: [] })
    expect((await it.search({ query: 'q' })).failed).toContain('no search engine is configured')
    expect((await it.call('testSearch', { query: 'q', engine: 'x' })).error).toMatchObject({ path: 'engine' })
  })
})

/** Two groups, the first in force: each with a route of its own for engines. */
async function startControlledGroups(url: string, engines: object[], routing: object) {
  const it = await startSearching(url, { engines })
  const { text, revision } = (await it.call('getConfig')).answer
  const value = JSON.parse(text)
  const group = (own: object) => ({ routing: { default: [{ targets: ['demo.*'] }], ...own } })
  value.virtualrouter.routingGroups = {
    first: group(routing),
    second: group({ web_search: [{ targets: ['google.m'] }] }),
  }
  value.virtualrouter.activeGroup = 'first'
  expect(await it.call('saveConfig', { text: JSON.stringify(value), revision })).toMatchObject({ status: 200 })
  return it
}

describe('time', () => {
  test('WS12: one that hangs gets its share, the next still answers', async () => {
    const [first, second] = [await startService({ delayMs: 60_000 }), await startService(answers.searxng)]
    const it = await startSearching(first.url, { engines: [glm, searxngAt(second.url)], deadlineMs: 3000 })
    const { result, note } = await it.search({ query: 'q' })
    expect(result).toMatchObject({ engine: 'own' })
    expect(note.tries[0]).toMatchObject({ engine: 'glm', failure: { kind: 'timeout' } })
    await expect.poll(() => first.requests[0]?.aborted).toBe(true)
  })

  test('all hang: it ends at the deadline, in words', async () => {
    const service = await startService({ delayMs: 60_000 })
    const it = await startSearching(service.url, { engines: [glm, searxngAt(service.url)], deadlineMs: 400 })
    const { failed, note } = await it.search({ query: 'q' })
    expect(failed).toMatch(/glm did not answer within .*own did not answer within/)
    expect(note.tries.map(({ failure }) => failure?.kind)).toEqual(['timeout', 'timeout'])
  })

  test('a caller that leaves ends everything at once, and nobody is blamed', async () => {
    const target = { id: 'p.m', provider: 'p', credential: 'default' } as ReadyEngine['ways'][0]['target']
    const asked: string[] = []
    const hangs =
      (id: string): SearchEngine =>
      (_query, { signal }) =>
        new Promise<EngineAnswer>((_resolve, reject) => {
          asked.push(id)
          signal.addEventListener('abort', () => reject(new GatewayError('client-gone', 'gone')))
        })
    const recorded: unknown[] = []
    const health: EngineHealth = { state: () => ({ until: 0 }), record: (...told) => void recorded.push(told) }
    const engine = (id: string) => ({ id, at: id, isDefault: false, ways: [{ target, search: hangs(id) }] })
    const search = createSearch({
      engines: () => [engine('a'), engine('b')],
      health,
      deadlineMs: () => 60_000,
      now: () => performance.now(),
      failed: () => {},
    })
    const caller = new AbortController()
    const searching = search({ query: 'q' }, { signal: caller.signal })
    caller.abort()
    await expect(searching).rejects.toMatchObject({ kind: 'client-gone' })
    expect(asked).toEqual(['a'])
    expect(recorded).toEqual([])
  })
})

test('what nobody foresaw in an engine is heard for the log, and says nothing of itself to the model', async () => {
  const target = { id: 'p.m', provider: 'p', credential: 'default' } as ReadyEngine['ways'][0]['target']
  const heard: GatewayError[] = []
  const search = createSearch({
    engines: () => [
      {
        id: 'a',
        at: 'p.m',
        isDefault: false,
        ways: [{ target, search: () => Promise.reject(new TypeError('x of undefined')) }],
      },
    ],
    health: { state: () => ({ until: 0 }), record: () => {} },
    deadlineMs: () => 60_000,
    now: () => performance.now(),
    failed: (_engine, error) => void heard.push(error),
  })
  const outcome = await search({ query: 'q' }, { signal: new AbortController().signal })
  expect(heard).toMatchObject([{ kind: 'internal', cause: expect.any(TypeError) }])
  expect(JSON.stringify(outcome)).not.toContain('of undefined')
})

describe('a search stands apart from the conversations', () => {
  test('an engine’s failures say nothing about the same target as a backend', async () => {
    const service = await startService({ status: 401, json: { error: { message: 'no' } } })
    const it = await startSearching(service.url, { engines: [glm] })
    await it.search({ query: 'q' })
    const { targets, credentials } = (await it.call('getHealth')).answer
    expect([...targets, ...credentials].filter(({ state }) => state !== 'healthy')).toEqual([])
  })

  test('a provider that forwards the caller’s own key has none in a search without a caller', async () => {
    const service = await startService(answers.gemini)
    const own = { profile: 'gemini', discovery: 'off', baseUrl: `${service.url}/v1beta`, auth: { type: 'client' } }
    const providers = { mine: { ...own, models: { m: {} } } }
    const it = await startSearching(service.url, { engines: [{ id: 'g', providerKey: 'mine.m' }] }, { providers })
    expect((await it.search({ query: 'q' })).failed).toMatch(/forwards the caller's own key/)
    expect(service.requests).toEqual([])
  })

  test('metrics tell of engines and outcomes, and only once there was a search', async () => {
    const [first, second] = [await startService({ status: 429, json: {} }), await startService(answers.searxng)]
    const it = await startSearching(first.url, { engines: [glm, searxngAt(second.url)] })
    const metrics = async () => (await fetch(`${it.url}/metrics`)).text()
    expect(await metrics()).not.toContain('patchbay_search')
    await it.search({ query: 'a private question' })
    const text = await metrics()
    expect(text).toContain('patchbay_searches_total{engine="glm",outcome="rate-limited"} 1')
    expect(text).toContain('patchbay_searches_total{engine="own",outcome="ok"} 1')
    expect(text).toContain('patchbay_search_duration_seconds_count{engine="own"} 1')
    expect(text).not.toContain('private')
  })
})
