import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CallName, contract } from '../../../src-core/control/contract.ts'
import { chatAnswer } from '../../helpers/answers.ts'
import { type Answer, type ScriptedProvider, startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { type Rig, startControlled } from './rig.ts'

const fine: Answer = chatAnswer({ text: 'hi' })
const models: Answer = { json: { object: 'list', data: [{ id: 'm', object: 'model' }] } }
const demoRoute = { default: [{ targets: ['demo.*'] }] }
const canary = 'canary-7b1f9d0a'

/** One provider that works, one that does not; YAML as a person writes it. */
const yaml = (good: ScriptedProvider, bad: ScriptedProvider) => `# my own words
version: 1
gateway: { recordBodies: true }   # for a while
virtualrouter:
  providers:
    good:   # the one that works
      type: openai
      baseUrl: ${good.url}/v1
      auth: { type: apikey, secret: "env:GOOD_KEY" }
      discovery: "off"
      models: { m: { maxContextTokens: 1000 } }
    bad:
      type: openai
      baseUrl: ${bad.url}/v1
      auth: { type: apikey, secret: "env:BAD_KEY" }
      discovery: "off"
      models: { m: { maxContextTokens: 1000 } }
  activeGroup: main
  routingGroups:
    main: { label: "The main road", routing: { default: [ { targets: [bad.m, good.m] } ] } }   # both
    side: { routing: { default: [ { targets: [good.m] } ] } }
`

async function rig() {
  const good = await startScriptedProvider((request) => (request.path === '/v1/models' ? models : fine))
  const bad = await startScriptedProvider({ status: 401, json: { error: { message: `wrong key ${canary}-bad` } } })
  const env = { GOOD_KEY: `${canary}-good`, BAD_KEY: `${canary}-bad` }
  const running = await startControlled(yaml(good, bad), env)
  return {
    ...running,
    good,
    bad,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([good.close(), bad.close()])
    },
  }
}

const file = ({ configFile }: Rig) => fs.readFileSync(configFile, 'utf8')

describe('state and config', () => {
  test('the state is what the tray shows', async () => {
    await using it = await rig()
    const { answer } = await it.call('getState')
    expect(answer).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      url: it.url,
      activeGroup: 'main',
      groups: [
        { id: 'main', label: 'The main road', active: true },
        { id: 'side', label: 'side', active: false },
      ],
      providers: [
        { id: 'good', enabled: true, protocol: 'openai-chat', baseUrl: `${it.good.url}/v1` },
        { id: 'bad', enabled: true },
      ],
      openExchanges: 0,
      discovered: [],
      problems: [],
    })
  })

  test('a switched group counts for the next request; comments stay', async () => {
    await using it = await rig()
    expect((await it.chat()).headers['x-patchbay-attempts']).toBe('2')
    const before = file(it)
    const { status, answer } = await it.call('setActiveGroup', { group: 'side' })
    expect([status, answer.activeGroup]).toEqual([200, 'side'])
    expect((await it.chat()).headers['x-patchbay-attempts']).toBe('1')
    expect((await it.call('getState')).answer.activeGroup).toBe('side')
    expect(file(it)).toBe(before.replace('activeGroup: main', 'activeGroup: side'))
    expect((await it.call('getConfig')).answer.revision).toBe(answer.revision)
  })

  test('a group that does not exist: 400, and nothing is written', async () => {
    await using it = await rig()
    const before = file(it)
    const { status, error } = await it.call('setActiveGroup', { group: 'default' })
    expect([status, error.path]).toEqual([400, 'group'])
    expect(error.message).toContain('main, side')
    expect(file(it)).toBe(before)
  })

  test('a provider that is switched off is not asked again; comments stay', async () => {
    await using it = await rig()
    const { status } = await it.call('setProviderEnabled', { provider: 'bad', enabled: false })
    expect(status).toBe(200)
    expect((await it.chat()).headers['x-patchbay-target']).toBe('good.m')
    expect(it.bad.requests).toHaveLength(0)
    for (const comment of ['# my own words', '# for a while', '# the one that works', '# both'])
      expect(file(it)).toContain(comment)
    await it.call('setProviderEnabled', { provider: 'bad', enabled: true })
    await it.chat()
    expect(it.bad.requests).toHaveLength(1)
    const unknown = await it.call('setProviderEnabled', { provider: 'nobody', enabled: true })
    expect([unknown.status, unknown.error.path]).toEqual([400, 'provider'])
  })

  test('a provider written as a reference is not switched behind the back of the other', async () => {
    const config = `version: 1
virtualrouter:
  providers:
    one: &one { profile: demo, models: { demo: {} } }
    two: *one
  routing: { default: [ { targets: [one.demo] } ] }
`
    const it = await startControlled(config)
    const { status, error } = await it.call('setProviderEnabled', { provider: 'two', enabled: false })
    expect([status, error.path]).toEqual([409, 'provider'])
    expect(file(it)).toBe(config)
  })

  test('the config is read, checked and saved as text', async () => {
    await using it = await rig()
    const { answer } = await it.call('getConfig')
    expect(answer).toMatchObject({ text: file(it), path: it.configFile, source: 'file', problems: [] })
    expect(answer.value.virtualrouter.activeGroup).toBe('main')

    const wrong = answer.text.replace('targets: [good.m]', 'targets: [god.m]')
    const { problems } = (await it.call('validateConfig', { text: wrong })).answer
    expect(problems).toMatchObject([{ path: 'virtualrouter.routingGroups.side.routing.default[0].targets[0]' }])
    expect((await it.call('validateConfig', { text: answer.text })).answer.problems).toEqual([])

    const refused = await it.call('saveConfig', { text: wrong, revision: answer.revision })
    expect([refused.status, refused.error.path]).toEqual([400, problems[0]!.path])
    expect(refused.error.problems).toHaveLength(1)

    const text = answer.text.replace('The main road', 'Another road')
    const saved = await it.call('saveConfig', { text, revision: answer.revision })
    expect(saved.status).toBe(200)
    expect(file(it)).toBe(text)
    expect((await it.call('getState')).answer.groups[0]!.label).toBe('Another road')
  })

  test('a save is refused when the file changed since it was read', async () => {
    await using it = await rig()
    const { text, revision } = (await it.call('getConfig')).answer
    const byHand = text.replace('# my own words', '# other words')
    fs.writeFileSync(it.configFile, byHand)
    const { status, error } = await it.call('saveConfig', { text: `${text}# mine\n`, revision })
    expect(status).toBe(409)
    expect(error.message).toContain('changed since it was read')
    expect(file(it)).toBe(byHand)
    expect((await it.call('getConfig')).answer.text).toBe(byHand)
  })
})

describe('drafts', () => {
  test('a change in a text is shown with what it means, and saves nothing', async () => {
    await using it = await rig()
    const before = file(it)
    const path = ['virtualrouter', 'providers', 'good', 'models', 'm', 'maxContextTokens']
    const { answer } = await it.call('draftConfig', { text: before, changes: [{ path, value: 9000 }] })
    const [, second] = before.split('bad:')
    expect(answer.text).toBe(`${before.slice(0, -second!.length).replace('1000', '9000')}${second}`)
    expect(answer.problems).toEqual([])
    expect(answer.value!.virtualrouter.providers.good!.models.m!.maxContextTokens).toBe(9000)
    const wrong = (await it.call('draftConfig', { text: before, changes: [{ path, value: -1 }] })).answer
    expect(wrong.problems).toMatchObject([{ path: 'virtualrouter.providers.good.models.m.maxContextTokens' }])
    expect(wrong.value).toBeUndefined()
    expect((await it.call('draftConfig', { text: 'a: [', changes: [] })).answer.problems).toHaveLength(1)
    expect(file(it)).toBe(before)
  })

  test('what cannot be changed by a path is refused with the path', async () => {
    await using it = await rig()
    const { status, error } = await it.call('draftConfig', {
      text: 'a: &a { x: 1 }\nb: *a\n',
      changes: [{ path: ['b', 'x'], value: 2 }],
    })
    expect([status, error.path]).toEqual([409, 'b'])
  })

  test('a draft decides where a request would go, and the config in force stays', async () => {
    await using it = await rig()
    const asked = {
      path: '/v1/chat/completions',
      body: { model: 'any', messages: [{ role: 'user', content: 'x' }] },
      tokens: 950,
    }
    expect((await it.call('explainRoute', asked)).answer).toMatchObject({
      estimate: { tokens: 950 },
      order: [
        { target: 'bad.m', verdict: 'risky' },
        { target: 'good.m', verdict: 'risky' },
      ],
    })
    const config = file(it).replace('{ maxContextTokens: 1000 }', '{ maxContextTokens: 9000 }')
    expect((await it.call('explainRoute', { ...asked, config })).answer.order[0]).toMatchObject({
      target: 'good.m',
      verdict: 'safe',
      limit: 9000,
    })
    expect((await it.call('listTargets', { config })).answer.targets).toMatchObject([
      { id: 'good.m', provider: 'good', maxContextTokens: 9000, limitFrom: 'config' },
      { id: 'bad.m', maxContextTokens: 1000 },
    ])
    expect((await it.call('listTargets')).answer.targets[0]!.maxContextTokens).toBe(1000)
    const wrong = await it.call('explainRoute', { ...asked, config: 'version: 2' })
    expect([wrong.status, wrong.error.path]).toEqual([400, 'version'])
  })

  test('earlier versions are listed, newest first, and read', async () => {
    await using it = await rig()
    expect((await it.call('listConfigVersions')).answer.versions).toEqual([])
    const first = file(it)
    await it.call('setActiveGroup', { group: 'side' })
    const second = file(it)
    await it.call('setActiveGroup', { group: 'main' })
    const { versions } = (await it.call('listConfigVersions')).answer
    expect(versions.map(({ bytes }) => bytes)).toEqual([second.length, first.length])
    expect(Math.abs(versions[0]!.savedAt - Date.now())).toBeLessThan(3_600_000)
    const texts = await Promise.all(versions.map(({ id }) => it.call('getConfigVersion', { id })))
    expect(texts.map(({ answer }) => answer.text)).toEqual([second, first])
    expect((await it.call('getConfigVersion', { id: '../config.yaml' })).status).toBe(404)
  })
})

describe('health', () => {
  test('is told of every target and credential, and forgotten on request', async () => {
    await using it = await rig()
    await it.chat()
    const { targets, credentials } = (await it.call('getHealth')).answer
    expect(targets.map(({ target, state }) => [target, state])).toContainEqual(['good.m', 'healthy'])
    const refused = credentials.find(({ credential }) => credential === 'bad[default]')
    expect(refused).toMatchObject({ state: 'tripped', failure: { kind: 'bad-credentials', providerStatus: 401 } })
    expect(refused!.until).toBeGreaterThan(refused!.since)

    const reset = await it.call('resetHealth', { credential: 'bad[default]' })
    expect(reset.answer.credentials.map(({ state }) => state)).toEqual(['healthy', 'healthy'])
    await it.chat()
    expect(it.bad.requests).toHaveLength(2)
    await it.call('resetHealth')
    expect((await it.call('getHealth')).answer.credentials.map(({ state }) => state)).toEqual(['healthy', 'healthy'])
    for (const what of [{ target: 'nobody.m' }, { credential: 'good' }]) {
      const { status, error } = await it.call('resetHealth', what)
      expect([status, error.path]).toEqual([400, Object.keys(what)[0]])
    }
  })

  test('a target is probed now', async () => {
    await using it = await rig()
    expect((await it.call('probeTarget', { target: 'good.m' })).answer).toMatchObject({ target: 'good.m', ok: true })
    expect((await it.call('probeTarget', { target: 'bad.m' })).answer).toMatchObject({
      ok: false,
      failure: { kind: 'bad-credentials' },
    })
    const { status, error } = await it.call('probeTarget', { target: 'nobody.m' })
    expect([status, error.path]).toEqual([400, 'target'])
    expect((await it.call('listExchanges')).answer.exchanges).toEqual([])
  })
})

describe('explainRoute', () => {
  const body = { messages: [{ role: 'user', content: 'x' }], model: 'any', max_tokens: 900 }

  test('says what a request would do, and sends nothing', async () => {
    await using it = await rig()
    await it.call('setProviderEnabled', { provider: 'bad', enabled: false })
    const { answer } = await it.call('explainRoute', { path: '/v1/chat/completions', body })
    expect(answer).toMatchObject({
      route: 'default',
      because: ['no other rule fired'],
      traits: { tools: false, media: false, wishedOutputTokens: 900 },
      estimate: { tokens: expect.any(Number), parts: { output: 900 } },
      order: [{ target: 'good.m', verdict: 'risky', limit: 1000, limitFrom: 'config' }],
      skipped: [{ target: 'bad.m', because: expect.stringContaining('switched off') }],
    })
    expect(it.good.requests.length + it.bad.requests.length).toBe(0)
    const text = await it.call('explainRoute', { path: '/v1/chat/completions', body: JSON.stringify(body) })
    expect(text.answer).toEqual(answer)
  })

  test('takes turns from nobody, and tells the same as the record of the real request', async () => {
    await using it = await rig()
    const asked = { path: '/v1/chat/completions', body: { model: 'any', messages: [{ role: 'user', content: 'x' }] } }
    const { answer } = await it.call('explainRoute', asked)
    expect((await it.call('explainRoute', asked)).answer).toEqual(answer)
    const id = (await it.chat()).headers['x-patchbay-request-id']
    const { explanation } = (await it.call('getExchange', { id })).answer
    expect(explanation).toEqual(answer)
  })

  test.each([
    ['a path of another kind', '/v1/models', {}, 'path'],
    ['a protocol not spoken yet', '/v1/messages', {}, 'path'],
    ['a body that names no model', '/v1/chat/completions', { messages: [] }, 'body.model'],
    ['a body that is no JSON', '/v1/chat/completions', '{', 'body'],
  ])('%s: 400 with the field', async (_what, at, sent, field) => {
    await using it = await rig()
    const { status, error } = await it.call('explainRoute', { path: at, body: sent })
    expect([status, error.path]).toEqual([400, field])
  })
})

describe('exchanges', () => {
  test('are listed newest first, in pages, by filter; one is told whole', async () => {
    await using it = await rig()
    for (const model of ['first', 'second', 'third']) await it.chat({ model })
    const page = (await it.call('listExchanges', { limit: 2 })).answer
    expect(page.exchanges.map(({ clientModel }) => clientModel)).toEqual(['third', 'second'])
    const rest = (await it.call('listExchanges', { limit: 2, before: page.next })).answer
    expect(rest.exchanges.map(({ clientModel }) => clientModel)).toEqual(['first'])
    expect(rest.next).toBeNull()

    const tried = (await it.call('listExchanges', { filter: { target: 'bad.m' } })).answer.exchanges
    expect(tried.map(({ clientModel, calls }) => [clientModel, calls])).toEqual([['first', 2]])
    const { answer } = await it.call('getExchange', { id: tried[0]!.id })
    expect(answer).toMatchObject({
      attempts: [
        { target: 'bad.m', outcome: 'failed', error: { kind: 'bad-credentials' } },
        { target: 'good.m', outcome: 'ok' },
      ],
      explanation: { order: [{ target: 'bad.m' }, { target: 'good.m' }] },
      usage: { inputTokens: expect.any(Number) },
    })
    expect(answer.bodies!.request).toContain('"model":"first"')
    expect(answer.bodies!.answer).toContain('hi')
    const missing = await it.call('getExchange', { id: 'nobody' })
    expect([missing.status, missing.error.path]).toEqual([404, 'id'])

    const { rows } = (await it.call('getUsage', { by: ['target'] })).answer
    expect(rows).toMatchObject([{ target: 'good.m', requests: 3, errors: 0 }])
    expect((await it.call('getUsage', { since: Date.now() + 1000 })).answer.rows).toEqual([])
  })

  test('a request is sent again to another target', async () => {
    await using it = await rig()
    const id = (await it.chat({ model: 'any', temperature: 0.3 })).headers['x-patchbay-request-id']
    const { status, answer } = await it.call('replayExchange', { id, target: 'good.m' })
    expect(status).toBe(200)
    expect(answer.id).not.toBe(id)
    expect(answer.exchange).toMatchObject({ state: 'ended', status: 200, target: 'good.m', route: 'direct' })
    expect(it.good.requests.map(({ json }) => json)).toMatchObject([
      { model: 'm', temperature: 0.3 },
      { model: 'm', temperature: 0.3 },
    ])
    const failed = await it.call('replayExchange', { id, target: 'bad.m' })
    expect(failed.answer.exchange).toMatchObject({ status: 403, error: { kind: 'bad-credentials' } })
    const unknown = await it.call('replayExchange', { id, target: 'nobody.m' })
    expect([unknown.status, unknown.error.path]).toEqual([400, 'target'])
  })

  test('what was not recorded cannot be sent again: how to switch it on', async () => {
    const config = {
      virtualrouter: { providers: { demo: { profile: 'demo', models: { '*': {} } } }, routing: demoRoute },
    }
    const it = await startControlled({ ...config, gateway: { clientAuth: { mode: 'none' } } })
    const id = (await it.chat({ model: 'demo.x' })).headers['x-patchbay-request-id']
    const { status, error } = await it.call('replayExchange', { id, target: 'demo.x' })
    expect(status).toBe(409)
    expect(error.message).toContain('gateway.recordBodies: true')
    expect((await it.call('getExchange', { id })).answer.bodies).toBeUndefined()
  })

  test('hello is a real request: it has a record, and a failure stands there', async () => {
    await using it = await rig()
    const { answer } = await it.call('sayHello', { model: 'any' })
    expect(answer).toMatchObject({ exchange: { status: 200, target: 'good.m', clientModel: 'any' } })
    expect((await it.call('getExchange', { id: answer.id })).answer.attempts).toHaveLength(2)
    const refused = (await it.call('sayHello', { model: 'bad.m' })).answer
    expect(refused).toMatchObject({ exchange: { error: { kind: 'bad-credentials' } } })
  })

  test('bodies never reach the disk', async () => {
    await using it = await rig()
    await it.chat({ messages: [{ role: 'user', content: 'a word nobody else says: xylophone' }] })
    await it.call('getUsage')
    await it.gateway.close(0)
    for (const name of fs.readdirSync(path.join(it.home, 'state'))) {
      const stored = path.join(it.home, 'state', name)
      if (fs.statSync(stored).isFile()) expect(fs.readFileSync(stored).includes('xylophone'), name).toBe(false)
    }
  })
})

describe('providers and clients', () => {
  test('the services one can have are told with their state and its reason', async () => {
    await using it = await rig()
    const { profiles } = (await it.call('listProfiles')).answer
    const litellm = profiles.find(({ id }) => id === 'litellm')
    expect(litellm).toMatchObject({ name: 'LiteLLM proxy', type: 'openai', status: { state: 'active' } })
    for (const { id, status } of profiles.filter((profile) => profile.status.state !== 'active'))
      expect(status.because, id).toMatch(/\.$/)
    // a service may go on while its login is closed
    expect(profiles.find(({ id }) => id === 'qwen')).toMatchObject({
      status: { state: 'active' },
      login: { state: 'retired', because: expect.stringContaining('15 April 2026') },
    })
  })

  test('a provider is tested step by step', async () => {
    await using it = await rig()
    const { steps } = (await it.call('testProvider', { provider: 'good' })).answer
    expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['address', true],
      ['proxy', true],
      ['connection', true],
      ['key', true],
      ['model', true],
    ])
    const refused = (await it.call('testProvider', { provider: 'bad' })).answer.steps.at(-1)!
    expect(refused).toMatchObject({ name: 'key', ok: false })
    for (const call of ['testProvider', 'discoverModels'] as const) {
      const { status, error } = await it.call(call, { provider: 'nobody' })
      expect([status, error.path]).toEqual([400, 'provider'])
    }
  })

  test('its models are asked for now', async () => {
    await using provider = await startScriptedProvider(models)
    const up = { type: 'openai', baseUrl: `${provider.url}/v1`, auth: { type: 'none' }, models: { m: {} } }
    const gone = { ...up, baseUrl: 'http://127.0.0.1:9/v1' }
    const it = await startControlled({
      virtualrouter: { providers: { up, gone }, routing: { default: [{ targets: ['up.m'] }] } },
    })
    const { answer } = await it.call('discoverModels', { provider: 'up' })
    expect(answer.models).toMatchObject([{ id: 'm' }])
    const { status, error } = await it.call('discoverModels', { provider: 'gone' })
    expect([status, error.message]).toEqual([503, expect.stringContaining('127.0.0.1:9')])
  })

  test('the Gemini CLI is connected as it was shown, and let go again', async () => {
    await using it = await rig()
    const env = path.join(it.home, '.gemini', '.env')
    const preview = (await it.call('previewClient', { client: 'gemini-cli' })).answer
    expect(preview.files.map(({ path: one }) => path.basename(one)).sort()).toEqual(['.env', 'settings.json'])
    expect(fs.existsSync(env)).toBe(false)
    expect((await it.call('connectClient', { client: 'gemini-cli' })).status).toBe(200)
    expect(fs.readFileSync(env, 'utf8')).toContain(`GOOGLE_GEMINI_BASE_URL=${it.url}`)
    expect((await it.call('previewClient', { client: 'gemini-cli' })).answer.files).toEqual([])
    expect((await it.call('disconnectClient', { client: 'gemini-cli' })).answer.left).toEqual([])
    expect(fs.existsSync(env)).toBe(false)
  })

  test('settings that cannot be read are refused in words', async () => {
    await using it = await rig()
    fs.mkdirSync(path.join(it.home, '.gemini'))
    fs.writeFileSync(path.join(it.home, '.gemini', 'settings.json'), '{ "a": ')
    const { status, error } = await it.call('connectClient', { client: 'gemini-cli' })
    expect(status).toBe(409)
    expect(error.message).toContain('settings.json')
  })
})

test('no answer of any call holds a secret, but for the client key in the one call made for it', async () => {
  await using it = await rig()
  const clientKey = it.gateway.state().clientKey!
  const content = `my key is ${canary}-good, the other one Bearer ${canary}-bad, and ${clientKey}`
  await it.chat({ messages: [{ role: 'user', content }] })
  await it.chat({ model: `${canary}-good` })
  const { id } = (await it.call('listExchanges')).answer.exchanges[1]!
  const inputs: Record<CallName, object> = {
    getState: {},
    setPaused: { paused: false },
    setStartAtLogin: { on: false },
    exposeToNetwork: { minutes: 0 },
    hideFromNetwork: {},
    getClientKey: {},
    listClientKeys: {},
    createClientKey: { name: 'laptop' },
    revokeClientKey: { name: 'laptop' },
    getConfig: {},
    validateConfig: { text: `version: ${canary}-good` },
    draftConfig: { text: 'version: 1', changes: [] },
    exportConfig: {},
    getDiagnostics: { window: `${canary}-good` },
    listConfigVersions: {},
    getConfigVersion: { id: `${canary}-good` },
    saveConfig: { text: `version: ${canary}-good`, revision: 'x' },
    setActiveGroup: { group: `${canary}-good` },
    setProviderEnabled: { provider: `${canary}-bad`, enabled: true },
    getHealth: {},
    resetHealth: { target: `${canary}-good` },
    probeTarget: { target: 'bad.m' },
    explainRoute: { path: '/v1/chat/completions', body: { model: `${canary}-good`, messages: [] } },
    listTargets: {},
    sayHello: { model: `${canary}-good` },
    listProfiles: {},
    listExchanges: {},
    getExchange: { id },
    replayExchange: { id, target: 'bad.m' },
    getUsage: {},
    examine: {},
    testProvider: { provider: 'bad' },
    discoverModels: { provider: 'bad' },
    listEngines: {},
    testSearch: { query: `${canary}-good` },
    listSecrets: {},
    setSecret: { name: 'spare', value: `${canary}-good` },
    deleteSecret: { name: 'spare' },
    listAccounts: {},
    getQuota: { account: `${canary}-good/x` },
    beginLogin: { provider: `${canary}-good`, alias: `${canary}-bad` },
    completeLogin: { id: `${canary}-good`, redirectUrl: `http://127.0.0.1/?code=${canary}-bad` },
    cancelLogin: { id: `${canary}-good` },
    logout: { account: `${canary}-good/x` },
    previewImport: {},
    importCredential: { id: `${canary}-good` },
    previewClient: { client: 'gemini-cli' },
    connectClient: { client: 'gemini-cli' },
    findTerminal: {},
    openTerminal: { client: 'nobody' },
    disconnectClient: { client: 'gemini-cli' },
  }
  expect(Object.keys(inputs).sort()).toEqual(Object.keys(contract).sort())
  for (const [call, input] of Object.entries(inputs)) {
    const { text } = await it.call(call as CallName, input)
    for (const secret of [`${canary}-good`, `${canary}-bad`, clientKey, it.token]) {
      if (call === 'getClientKey' && secret === clientKey) continue
      expect(text.includes(secret), `${call} holds ${secret}`).toBe(false)
    }
  }
  expect((await it.call('getClientKey')).answer).toEqual({ clientKey })
  await it.gateway.close(0)
  const stored = fs.readFileSync(path.join(it.home, 'state', 'exchanges.db'))
  for (const secret of [canary, clientKey, it.token]) expect(stored.includes(secret)).toBe(false)
})
