import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { codeAssistService, licensed } from '../helpers/code-assist-service.ts'
import { type Answer, type Script, startScriptedProvider } from '../helpers/scripted-provider.ts'
import { type Rig, startControlled } from './control/rig.ts'

const cloud = 'https://www.googleapis.com/auth/cloud-platform'
const canaries = { access: 'wren-kestrel-81', refresh: 'wren-kestrel-82', next: 'wren-kestrel-83' }
const bin = path.resolve(import.meta.dirname, '../../node_modules/.bin')

/** A gateway with a Code Assist provider, the Gemini CLI's login on its disk, and Google behind both. */
async function start(oauth: object = {}, startUp: Partial<Record<string, Answer>> = {}, more: object = {}) {
  const model = codeAssistService(() => ({ text: 'From Google.' }), startUp)
  const honoured = new Set([canaries.access])
  const script: Script = (request) => {
    if (request.path === '/token') {
      honoured.add(canaries.next)
      return { json: { access_token: canaries.next, expires_in: 3600, token_type: 'Bearer', scope: cloud } }
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (honoured.has(token)) return model(request)
    return { status: 401, json: { error: { code: 401, message: `bad ${token}`, status: 'UNAUTHENTICATED' } } }
  }
  const google = await startScriptedProvider(script)
  onTestFinished(() => google.close())
  const provider = {
    profile: 'gemini-cli',
    baseUrl: google.url,
    auth: { type: 'oauth', account: 'work' },
    oauth: { tokenUrl: `${google.url}/token`, ...oauth },
    models: { '*': {} },
    ...more,
  }
  const config = {
    virtualrouter: { providers: { google: provider }, routing: { default: [{ targets: ['google.*'] }] } },
  }
  const it = await startControlled(config, { PATH: bin })
  fs.mkdirSync(path.join(it.home, '.gemini'))
  const login = {
    access_token: canaries.access,
    refresh_token: canaries.refresh,
    scope: cloud,
    expiry_date: Date.now() + 3_600_000,
  }
  fs.writeFileSync(path.join(it.home, '.gemini/oauth_creds.json'), JSON.stringify(login))
  const called = (method: string) => google.requests.filter(({ path: at }) => at.includes(`:${method}`))
  return { it, google, honoured, called, login }
}

/** The only credential is called `default`, its account `work`. */
const take = { id: 'gemini-cli', provider: 'google' }
const consent = { client: 'installed-gemini-cli' }

async function ask({ url, gateway }: Rig, model = 'gemini-3.5-flash') {
  const reply = await fetch(`${url}/v1beta/models/${model}:generateContent`, {
    method: 'POST',
    headers: { 'x-goog-api-key': gateway.state().clientKey! },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }),
  })
  return { status: reply.status, text: await reply.text() }
}

test('a key of the environment becomes a secret, once', async () => {
  const it = await startControlled(
    {
      virtualrouter: {
        providers: { demo: { profile: 'demo', models: { demo: {} } } },
        routing: { default: [{ targets: ['demo.demo'] }] },
      },
    },
    { OPENAI_API_KEY: canaries.access },
  )
  const preview = await it.call('previewImport')
  expect(preview.answer.found).toEqual([
    { id: 'env:OPENAI_API_KEY', from: 'OPENAI_API_KEY', kind: 'key', profile: 'openai' },
  ])
  const taken = await it.call('importCredential', { id: 'env:OPENAI_API_KEY' })
  expect(taken.answer).toMatchObject({ secret: 'openai', words: expect.stringContaining('keychain:openai') })
  expect((await it.call('listSecrets')).answer.names).toEqual([{ name: 'openai', usedBy: [] }])
  const again = await it.call('importCredential', { id: 'env:OPENAI_API_KEY' })
  expect(again).toMatchObject({ status: 409, error: { message: expect.stringContaining('name another') } })
  expect((await it.call('importCredential', { id: 'env:OPENAI_API_KEY', secret: 'spare' })).status).toBe(200)
  expect(preview.text + taken.text + again.text).not.toContain(canaries.access)
})

describe('the login of the Gemini CLI, taken over', () => {
  test('is shown without its worth, and only with consent becomes an account', async () => {
    const { it, login } = await start()
    const preview = await it.call('previewImport')
    expect(preview.answer.found).toMatchObject([{ id: 'gemini-cli', note: expect.stringContaining('forbids') }])
    const refused = await it.call('importCredential', take)
    expect(refused).toMatchObject({ status: 409, error: { message: expect.stringContaining('installed-gemini-cli') } })
    expect((await it.call('importCredential', { id: 'qwen' })).status).toBe(404)
    expect((await it.call('importCredential', { ...take, provider: 'nobody' })).status).toBe(400)
    expect((await it.call('importCredential', { ...take, alias: '../out' })).error.path).toBe('alias')
    expect(preview.text + refused.text).not.toMatch(/wren-kestrel/)
    expect(JSON.parse(fs.readFileSync(path.join(it.home, '.gemini/oauth_creds.json'), 'utf8'))).toEqual(login)
  })

  test('serves a plain client in Code Assist’s envelope, under the account’s project; A7: a 401 refreshes once and replays', async () => {
    const { it, honoured, called, google } = await start(consent)
    expect((await it.call('importCredential', take)).answer).toMatchObject({ account: 'google/work' })
    const taken = await it.call('importCredential', take)
    expect(taken).toMatchObject({ status: 409, error: { message: expect.stringContaining('sign out first') } })

    const answers = await Promise.all([ask(it), ask(it), ask(it)])
    for (const { status, text } of answers)
      expect([status, text]).toEqual([200, expect.stringContaining('From Google.')])
    expect(called('loadCodeAssist')).toHaveLength(1)
    for (const { json, headers } of called('generateContent')) {
      expect(json).toMatchObject({ model: 'gemini-3-flash', project: 'licensed-project', request: { contents: [{}] } })
      expect(json).toHaveProperty('user_prompt_id')
      expect(headers).toMatchObject({
        authorization: `Bearer ${canaries.access}`,
        'user-agent': expect.stringMatching(/^Patchbay/),
      })
    }

    expect(JSON.parse((await it.chat({ model: 'gemini-3-flash' })).text)).toMatchObject({
      choices: [{ message: { content: 'From Google.' } }],
    })

    honoured.delete(canaries.access)
    expect((await ask(it)).status).toBe(200)
    const refreshes = google.requests.filter(({ path: at }) => at === '/token')
    expect(refreshes).toHaveLength(1)
    const form = new URLSearchParams(refreshes[0]!.body)
    expect(form.get('refresh_token')).toBe(canaries.refresh)
    expect(form.get('client_id')).toMatch(/\.apps\.googleusercontent\.com$/)
    const borrowed = form.get('client_secret')!
    expect(borrowed.length).toBe(35)
    expect(called('loadCodeAssist')).toHaveLength(1)

    const said = [
      await it.call('listAccounts'),
      await it.call('getState'),
      await it.call('getConfig'),
      await it.call('listExchanges'),
    ]
    expect(said[0]!.answer).toMatchObject({ accounts: [{ id: 'google/work', state: 'locked' }] })
    await it.gateway.close(0)
    const files = fs.readdirSync(it.home, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    const written = files
      .filter(({ name }) => name !== 'oauth_creds.json')
      .map((file) => fs.readFileSync(path.join(file.parentPath, file.name), 'latin1'))
    const everything = [...said.map(({ text }) => text), ...written].join('\n')
    expect(everything.includes(borrowed)).toBe(false)
    expect(everything).not.toMatch(/wren-kestrel/)
  })

  test('serves the CLI too, in place of the CLI’s own login and project', async () => {
    const { it, called } = await start(consent)
    await it.call('importCredential', take)
    const body = JSON.stringify({ model: 'gemini-3-flash', project: 'the-clis', request: { contents: [] } })
    const headers = { authorization: 'Bearer ya29.the-clis' }
    const key = it.gateway.state().clientKey
    const path = '/v1internal:streamGenerateContent?alt=sse'
    const reply = await fetch(`${it.url}/k/${key}${path}`, { method: 'POST', headers, body })
    expect(await reply.text()).toContain('data: {"response":{"candidates"')
    const [sent] = called('streamGenerateContent')
    expect(sent).toMatchObject({
      headers: { authorization: `Bearer ${canaries.access}` },
      json: { project: 'licensed-project', model: 'gemini-3-flash' },
    })
  })

  test('a sign-in by the client of the installed CLI says what Google says of it, and shows no secret', async () => {
    const { it } = await start(consent)
    const { answer, text } = await it.call('beginLogin', { provider: 'google', alias: 'work' })
    const url = new URL(answer.url)
    expect(url.searchParams.get('client_id')).toMatch(/\.apps\.googleusercontent\.com$/)
    expect(url.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth2callback$/)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      access_type: 'offline',
      code_challenge_method: 'S256',
    })
    expect(answer.note).toContain('forbids other tools')
    expect(text).not.toContain('client_secret')
    await it.call('cancelLogin', { id: answer.id })
  })

  test('without a client of one’s own and without consent there is no sign-in', async () => {
    const { it } = await start()
    const { status, error } = await it.call('beginLogin', { provider: 'google', alias: 'work' })
    expect([status, error.message]).toEqual([409, expect.stringContaining('oauth.clientId')])
  })
})

describe('an account Google does not serve', () => {
  const unserved = (reason: object): Answer => ({ json: { ineligibleTiers: [reason] } })
  test.each<[string, Answer, number, RegExp]>([
    [
      'a personal one',
      unserved({ reasonCode: 'UNSUPPORTED_CLIENT', reasonMessage: 'Move on.' }),
      403,
      /API key with the profile gemini/,
    ],
    [
      'one to be verified',
      unserved({ reasonCode: 'VALIDATION_REQUIRED', validationUrl: 'https://accounts.google.com/v' }),
      403,
      /Open https:\/\/accounts\.google\.com\/v/,
    ],
    ['a licence without a project', { json: { currentTier: { id: 'standard-tier' } } }, 403, /GOOGLE_CLOUD_PROJECT/],
  ])('%s: in words at the client, and in the doctor’s', async (_what, answer, status, words) => {
    const { it, called } = await start(consent, { loadCodeAssist: answer })
    await it.call('importCredential', take)
    const asked = await ask(it)
    expect([asked.status, asked.text]).toEqual([status, expect.stringMatching(words)])
    expect(called('generateContent')).toEqual([])
    const { steps } = (await it.call('testProvider', { provider: 'google' })).answer
    expect(steps.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'no'}`)).toEqual([
      'address ok',
      'account ok',
      'project no',
    ])
    expect(steps.at(-1)!.words).toMatch(words)
  })
})

describe('the doctor on a login', () => {
  const steps = async (it: Rig) =>
    (await it.call('testProvider', { provider: 'google' })).answer.steps.map(
      ({ name, ok }) => `${name} ${ok ? 'ok' : 'no'}`,
    )

  test('nobody signed in; then all is well', async () => {
    const { it } = await start(consent)
    expect(await steps(it)).toEqual(['address ok', 'account no'])
    await it.call('importCredential', take)
    expect(await steps(it)).toEqual([
      'address ok',
      'proxy ok',
      'connection ok',
      'account ok',
      'project ok',
      'key ok',
      'model ok',
    ])
  })

  test('a project the user names is asked for', async () => {
    const { it, called } = await start(
      consent,
      { loadCodeAssist: { json: { currentTier: { id: 's' } } } },
      { project: 'my-project' },
    )
    await it.call('importCredential', take)
    expect((await ask(it)).status).toBe(200)
    expect(called('loadCodeAssist')[0]!.json).toMatchObject({ cloudaicompanionProject: 'my-project' })
    expect(called('generateContent')[0]!.json).toMatchObject({ project: 'my-project' })
    expect(licensed.json).not.toMatchObject({ cloudaicompanionProject: 'my-project' })
  })
})

describe('what is left to an account', () => {
  const bucket = { modelId: 'gemini-3-flash', remainingFraction: 0.25, resetTime: '2026-11-27T00:00:00Z' }
  const account = 'google/work'

  test('is asked when somebody wants it and once for all who wait, by the account’s login and project', async () => {
    const { it, called } = await start(consent, { retrieveUserQuota: { json: { buckets: [bucket] }, delayMs: 50 } })
    await it.call('importCredential', take)
    await ask(it)
    expect(called('retrieveUserQuota')).toEqual([])
    const told = await Promise.all([it.call('getQuota', { account }), it.call('getQuota', { account })])
    for (const { answer } of told) {
      const resetsAt = Date.parse(bucket.resetTime)
      expect(answer).toEqual({ buckets: [{ model: 'gemini-3-flash', leftShare: 0.25, resetsAt }] })
    }
    expect(called('retrieveUserQuota')).toMatchObject([
      { headers: { authorization: `Bearer ${canaries.access}` }, json: { project: 'licensed-project' } },
    ])
    await it.call('getQuota', { account })
    expect(called('retrieveUserQuota')).toHaveLength(2)
  })

  test.each<[string, Partial<Record<string, Answer>>, number, RegExp]>([
    [
      'the service fails',
      { retrieveUserQuota: { status: 500, json: { error: { code: 500, message: 'boom', status: 'INTERNAL' } } } },
      503,
      /boom/,
    ],
    ['it answers something else', { retrieveUserQuota: { text: '<html>' } }, 503, /no JSON object/],
  ])('%s: in words, and no target is the worse for it', async (_what, startUp, status, words) => {
    const { it, called } = await start(consent, startUp)
    await it.call('importCredential', take)
    await ask(it)
    const refused = await it.call('getQuota', { account })
    expect([refused.status, refused.error.message]).toEqual([status, expect.stringMatching(words)])
    expect(called('retrieveUserQuota').length).toBeLessThanOrEqual(1)
    expect((await it.call('getHealth')).answer.targets.filter(({ state }) => state !== 'healthy')).toEqual([])
  })

  test('nobody signed in, an account nothing uses, a provider that is not there', async () => {
    const { it, google } = await start(consent)
    expect((await it.call('getQuota', { account })).answer).toEqual({ buckets: null })
    expect((await it.call('getQuota', { account: 'google/spare' })).answer).toEqual({ buckets: null })
    expect((await it.call('getQuota', { account: 'nobody/work' })).error).toMatchObject({ path: 'account' })
    expect(google.requests).toEqual([])
  })

  test('of an account that was never used nothing is told, and nothing set up for it', async () => {
    const { it, google } = await start(consent)
    await it.call('importCredential', take)
    expect((await it.call('getQuota', { account })).answer).toEqual({ buckets: null })
    expect(google.requests).toEqual([])
  })

  test('of a service that does not report it nothing is told, and nothing asked', async () => {
    const { it, google } = await start(consent, {}, { profile: 'gemini' })
    expect((await it.call('getQuota', { account })).answer).toEqual({ buckets: null })
    expect(google.requests.filter(({ path: at }) => at.includes('Quota'))).toEqual([])
  })
})
