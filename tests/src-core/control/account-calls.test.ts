import { describe, expect, test, vi } from 'vitest'
import type { AccountView } from '../../../src-core/auth/oauth/account-views.ts'
import { chatAnswer } from '../../helpers/answers.ts'
import { filesIn } from '../../helpers/files-in.ts'
import { signInAt, startOAuthServer } from '../../helpers/oauth-server.ts'
import { startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { startControlled } from './rig.ts'

/** A model behind a real login, for two accounts, and beside it one that takes anything. */
async function rig(options: { accounts?: string[]; block?: object } = {}) {
  const server = await startOAuthServer()
  /** Refused whatever the login server says of them. */
  const refused = new Set<string>()
  const model = await startScriptedProvider(async ({ headers }) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? ''
    if (!refused.has(token) && (await server.honours(token))) return chatAnswer({ text: 'signed in' })
    return { status: 401, json: { error: { message: `Invalid token ${token}` } } }
  })
  const spare = await startScriptedProvider(chatAnswer({ text: 'from the spare one' }))
  const plain = { type: 'openai', discovery: 'off', models: { m: {} } }
  const accounts = options.accounts ?? ['work']
  const auth = accounts.map((account) => ({ alias: account, type: 'oauth', account }))
  const providers = {
    up: { ...plain, baseUrl: `${model.url}/v1`, oauth: { ...server.block, ...options.block }, auth },
    spare: { ...plain, baseUrl: `${spare.url}/v1`, auth: { type: 'none' } },
  }
  const routing = { default: [{ targets: ['up.m', 'spare.m'] }] }
  const it = await startControlled({ version: 1, virtualrouter: { providers, routing } })
  const pushed: AccountView[] = []
  it.gateway.control!.subscribe((name, json) => name === 'account' && pushed.push(JSON.parse(json)))
  return {
    ...it,
    server,
    model,
    refused,
    pushed,
    accounts: async () => (await it.call('listAccounts')).answer.accounts,
    /** Signs in as somebody; resolves with the page that the browser shows at the end. */
    async signIn(alias: string, login = 'ada') {
      const { answer } = await it.call('beginLogin', { provider: 'up', alias })
      return (await fetch((await signInAt(answer.url, login))!)).text()
    },
    async [Symbol.asyncDispose]() {
      for (const one of [server, model, spare]) await one[Symbol.asyncDispose]()
    },
  }
}

test('sign in, ask, sign out: each step is told, and counts from the next request', async () => {
  await using it = await rig()
  // in these tests there is no keychain (with one: tests/e2e/accounts.test.ts)
  const shut = { state: 'locked', error: expect.stringMatching(/^PATCHBAY_KEYCHAIN=off/) }
  expect(await it.accounts()).toMatchObject([{ id: 'up/work', expiresAt: null, scopes: [], ...shut }])
  expect((await it.chat()).headers['x-patchbay-target']).toBe('spare.m')
  const without = async () => (await it.call('getState')).answer.providers.find(({ id }) => id === 'up')?.noCredential
  expect(await without()).toEqual([{ alias: 'work', because: expect.stringContaining('cannot be used, because') }])

  expect(await it.signIn('work')).toContain('You are signed in')
  const words = expect.stringContaining('until Patchbay ends: PATCHBAY_KEYCHAIN=off')
  expect(await it.accounts()).toMatchObject([{ state: 'locked', error: words, label: 'ada@example.test' }])
  expect(await without()).toEqual([])
  const answered = await it.chat()
  expect([answered.headers['x-patchbay-target'], answered.text]).toEqual(['up.m', expect.stringContaining('signed in')])

  const pushed = (labels: (string | null)[]) =>
    vi.waitFor(() => expect(it.pushed.map(({ label }) => label)).toEqual(labels))
  await pushed(['ada@example.test'])
  const { answer } = await it.call('logout', { account: 'up/work' })
  expect(answer).toMatchObject({ account: 'up/work', revoked: true })
  expect((await it.chat()).headers['x-patchbay-target']).toBe('spare.m')
  await pushed(['ada@example.test', null])
})

describe('A7: a provider answers 401', () => {
  test('once: the token is renewed and the request replayed, the client sees none of it', async () => {
    await using it = await rig()
    await it.signIn('work')
    it.refused.add([...it.server.issued][0]!)
    const { status, headers } = await it.chat()
    expect([status, headers['x-patchbay-target'], headers['x-patchbay-attempts']]).toEqual([200, 'up.m', '1'])
    expect(it.server.grants).toEqual(['authorization_code', 'refresh_token'])
    expect(it.model.requests).toHaveLength(2)
  })

  test('again: the next target answers, and the account says to sign in again until one does', async () => {
    await using it = await rig()
    await it.signIn('work')
    it.model.reply({ status: 401, json: { error: { message: 'no' } } })
    expect((await it.chat()).headers['x-patchbay-target']).toBe('spare.m')
    expect(it.model.requests).toHaveLength(2)
    expect(await it.accounts()).toMatchObject([{ state: 'sign-in-again', needsYou: true }])
    await vi.waitFor(() => expect(it.pushed.at(-1)).toMatchObject({ id: 'up/work', state: 'sign-in-again' }))
    it.model.reply(chatAnswer({ text: 'welcome back' }))
    await it.signIn('work')
    expect((await it.chat()).headers['x-patchbay-target']).toBe('up.m')
    expect(await it.accounts()).toMatchObject([{ state: 'locked', needsYou: false }])
  })
})

test('two accounts of one provider: each with its own login', async () => {
  await using it = await rig({ accounts: ['work', 'home'] })
  await it.signIn('work', 'ada')
  await it.signIn('home', 'bob')
  const labels = (await it.accounts()).map(({ id, label }) => [id, label])
  expect(labels).toEqual([
    ['up/home', 'bob@example.test'],
    ['up/work', 'ada@example.test'],
  ])
  await it.chat({ model: 'up[home].m' })
  await it.chat({ model: 'up[work].m' })
  expect(new Set(it.model.requests.map(({ headers }) => headers.authorization)).size).toBe(2)
})

test('a device login tells what to type, and its end is pushed', async () => {
  await using it = await rig({ block: { flow: 'device' } })
  const { answer } = await it.call('beginLogin', { provider: 'up', alias: 'work' })
  expect(answer).toMatchObject({ userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/), url: expect.any(String) })
  expect((await it.call('cancelLogin', { id: answer.id })).answer).toEqual({ id: answer.id })
  expect((await it.call('cancelLogin', { id: answer.id })).status).toBe(404)
})

test('what became of a login is told with its account, of one no credential names too', async () => {
  await using it = await rig()
  const begin = async () => (await it.call('beginLogin', { provider: 'up', alias: 'spare' })).answer
  const spare = async () => (await it.accounts()).find(({ alias }) => alias === 'spare')
  expect(await spare()).toBeUndefined()
  const given = await begin()
  expect(await spare()).toMatchObject({ usedBy: [], login: { id: given.id, state: 'open' } })
  await it.call('cancelLogin', { id: given.id })
  expect(await spare()).toBeUndefined()

  const declined = await begin()
  const { searchParams } = new URL(declined.url)
  const back = `${searchParams.get('redirect_uri')}?error=access_denied&state=${searchParams.get('state')}`
  await (await fetch(`${back}&iss=${it.server.url}`)).text()
  const failed = { id: declined.id, state: 'failed', because: expect.stringContaining('declined') }
  expect(await spare()).toMatchObject({ login: failed })
  await vi.waitFor(() => expect(it.pushed).toContainEqual(expect.objectContaining({ login: failed })))

  await it.signIn('spare')
  expect(await spare()).toMatchObject({ usedBy: [], login: { state: 'signed-in' } })
  expect((await it.accounts()).find(({ alias }) => alias === 'work')).toMatchObject({ usedBy: ['up[work]'] })
})

test.each([
  ['nothing in the way', {}, { flow: 'code', hurdle: undefined }],
  ['by a device', { flow: 'device' }, { flow: 'device', hurdle: undefined }],
  [
    'closed',
    { status: { state: 'retired', because: 'It has ended.' } },
    { hurdle: expect.stringContaining('It has ended.') },
  ],
  ['restricted', { status: { state: 'restricted' } }, { status: { state: 'restricted' }, hurdle: undefined }],
  ['no client', { clientId: undefined }, { hurdle: expect.stringContaining('oauth.clientId') }],
])('a provider says how one signs in, on whose terms, and what keeps one from it: %s', async (_name, block, login) => {
  await using it = await rig({ block })
  const { providers } = (await it.call('getState')).answer
  const [up, spare] = providers.map((one) => one.login)
  expect({ flow: up?.flow, status: up?.status, hurdle: up?.hurdle }).toMatchObject(login)
  expect(spare).toBeUndefined()
})

test('the address can be brought by hand', async () => {
  await using it = await rig()
  const { answer } = await it.call('beginLogin', { provider: 'up', alias: 'work' })
  const redirectUrl = (await signInAt(answer.url))!
  const wrong = redirectUrl.replace(/state=[^&]*/, 'state=another')
  for (const url of [wrong, 'what?', 'http://127.0.0.1/elsewhere?code=1']) {
    const refused = await it.call('completeLogin', { id: answer.id, redirectUrl: url })
    expect([refused.status, refused.error.path]).toEqual([400, 'redirectUrl'])
  }
  const { account } = (await it.call('completeLogin', { id: answer.id, redirectUrl })).answer
  expect(account).toMatchObject({ id: 'up/work', label: 'ada@example.test' })
  expect((await it.call('completeLogin', { id: answer.id, redirectUrl })).status).toBe(404)
})

test('no token in any answer, record, push, log or file', async () => {
  await using it = await rig()
  await it.signIn('work')
  it.refused.add([...it.server.issued][0]!)
  const pushes: string[] = []
  it.gateway.control!.subscribe((_name, json) => pushes.push(json))
  const texts = [(await it.chat({ model: 'up.m' })).text]
  it.model.reply(({ headers }) => ({ status: 401, json: { error: { message: `Invalid ${headers.authorization}` } } }))
  texts.push((await it.chat({ model: 'up.m' })).text)
  for (const call of ['getState', 'getHealth', 'listExchanges', 'listAccounts', 'listSecrets', 'getConfig'] as const) {
    texts.push((await it.call(call)).text)
  }
  texts.push(...pushes, ...(await filesIn(it.home)))
  expect(it.server.issued.size).toBeGreaterThan(5)
  for (const secret of it.server.issued) expect(texts.join('\n')).not.toContain(secret)
})

describe('refused', () => {
  test.each([
    ['beginLogin', { provider: 'nobody' }, 404],
    ['beginLogin', { provider: 'spare' }, 409],
    ['beginLogin', { provider: '' }, 400],
    ['completeLogin', { id: 'x', redirectUrl: 'http://127.0.0.1/' }, 404],
    ['completeLogin', { id: 'x' }, 400],
    ['cancelLogin', { id: 'x' }, 404],
    ['beginLogin', { provider: 'up', alias: '../x' }, 400],
    ['logout', { account: 'up/nobody' }, 409],
    ['logout', { account: 'up/../../x' }, 400],
  ] as const)('%s %j', async (call, input, status) => {
    await using it = await rig()
    expect((await it.call(call, input)).status).toBe(status)
  })

  test('a closed login explains itself', async () => {
    const providers = {
      q: { profile: 'qwen', auth: { type: 'qwen-oauth' } },
      i: { profile: 'iflow', auth: { type: 'iflow-oauth' } },
    }
    const routing = { default: [{ targets: ['demo.any'] }] }
    const demo = { profile: 'demo', models: { any: {} } }
    const it = await startControlled({ version: 1, virtualrouter: { providers: { ...providers, demo }, routing } })
    for (const [provider, words] of [
      ['q', 'The free sign-in of Qwen ended on 15 April 2026'],
      ['i', 'iFlow closed its service on 17 April 2026'],
    ]) {
      const { status, error } = await it.call('beginLogin', { provider })
      expect([status, error.message]).toEqual([409, expect.stringContaining(words!)])
    }
  })
})
