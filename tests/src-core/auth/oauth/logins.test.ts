import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { OpenLogin } from '../../../../src-core/auth/oauth/logins.ts'
import { type OAuthServer, signInAt, startOAuthServer } from '../../../helpers/oauth-server.ts'
import { startScriptedProvider } from '../../../helpers/scripted-provider.ts'
import { locked } from '../keychain-rig.ts'
import { type AccountsRig, rigAccounts } from './rig.ts'

const begin = async ({ open }: AccountsRig): Promise<OpenLogin> => (await open.logins()).begin('p', 'work')
const complete = async ({ open }: AccountsRig, id: string, url: string) => (await open.logins()).complete(id, url)

/** The page a browser sees: its status and what it says. */
async function pageAt(url: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(url)
  return { status: response.status, text: await response.text(), headers: response.headers }
}

const without = (url: string, name: string) => {
  const cut = new URL(url)
  cut.searchParams.delete(name)
  return cut.href
}

describe('by a browser that comes back', () => {
  test('the account is in the keychain, with its name', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    expect(await rig.view()).toMatchObject({ provider: 'p', alias: 'work', state: 'signed-out', label: null })
    await expect(rig.token()).rejects.toMatchObject({ kind: 'no-credential' })

    const login = await begin(rig)
    const page = await pageAt((await signInAt(login.url))!)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('You are signed in')])

    const token = await rig.token()
    expect(await server.honours(token)).toBe(true)
    expect(await rig.view()).toMatchObject({
      state: 'ok',
      label: 'ada@example.test',
      expiresAt: expect.any(Number),
      renews: true,
      usedBy: ['p[default]'],
    })
    expect(rig.keychain.entries.get('account p/work')).toContain(token)
    expect(rig.log).toContainEqual({ event: 'restored', about: { credential: 'p[default]' } })
  })

  test('state, nonce and a challenge go out; no page and no log line holds what came back', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const { url } = await begin(rig)
    const sent = Object.fromEntries(new URL(url).searchParams)
    expect(sent).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email' })
    expect([sent.state, sent.nonce, sent.code_challenge].every((value) => (value?.length ?? 0) >= 43)).toBe(true)
    const back = (await signInAt(url))!
    const page = await pageAt(back)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toBe('no-store')
    const shown =
      page.text + JSON.stringify([...page.headers]) + JSON.stringify(rig.log) + JSON.stringify(await rig.view())
    for (const secret of [...server.issued, new URL(back).searchParams.get('code')!, sent.state!]) {
      expect(shown).not.toContain(secret)
    }
    expect([...rig.open.inUse()]).toEqual(expect.arrayContaining([await rig.token()]))
  })

  test('a wrong state, a missing one and other paths are refused, and the login stays open', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const login = await begin(rig)
    const back = (await signInAt(login.url))!
    const wrong = new URL(back)
    wrong.searchParams.set('state', 'another')
    for (const url of [wrong.href, without(back, 'state')]) {
      expect(await pageAt(url)).toMatchObject({ status: 400, text: expect.stringContaining('still waiting') })
      await expect(complete(rig, login.id, url)).rejects.toMatchObject({ kind: 'foreign' })
    }
    expect((await pageAt(new URL('/elsewhere', back).href)).status).toBe(404)
    expect((await fetch(back, { method: 'POST' })).status).toBe(404)
    expect(server.grants).toEqual([])
    expect((await pageAt(back)).status).toBe(200)
  })

  test('a second callback is refused, also while the first is under way', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const login = await begin(rig)
    const back = (await signInAt(login.url))!
    const both = await Promise.allSettled([complete(rig, login.id, back), complete(rig, login.id, back)])
    expect(both).toMatchObject([
      { status: 'fulfilled', value: 'p/work' },
      { status: 'rejected', reason: { kind: 'over' } },
    ])
    await expect(complete(rig, login.id, back)).rejects.toMatchObject({ kind: 'unknown' })
    await expect(fetch(back)).rejects.toThrow()
    expect(server.grants).toEqual(['authorization_code'])
  })

  test('a person who declines is told so, and nothing is signed in', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const { url } = await begin(rig)
    const sent = new URL(url).searchParams
    const declined = new URL(sent.get('redirect_uri')!)
    declined.search = String(
      new URLSearchParams({ error: 'access_denied', state: sent.get('state')!, iss: server.url }),
    )
    expect(await pageAt(declined.href)).toMatchObject({ status: 400, text: expect.stringContaining('declined') })
    expect(await rig.view()).toMatchObject({ state: 'signed-out', error: expect.stringContaining('declined') })
  })

  test('a service that is not who it should be is not believed', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server, block: { issuer: 'https://elsewhere.example' } })
    const back = (await signInAt((await begin(rig)).url))!
    expect(await pageAt(back)).toMatchObject({ status: 400, text: expect.stringContaining('cannot be trusted') })
    expect(await rig.view()).toMatchObject({ state: 'signed-out' })
  })

  test('a fixed port that is taken: the address is pasted', async () => {
    await using server = await startOAuthServer()
    await using squatter = await startScriptedProvider({ text: 'mine' })
    const rig = rigAccounts({ server, block: { redirect: { port: squatter.port, path: '/back' } } })
    const login = await begin(rig)
    expect(login.note).toContain(`127.0.0.1:${squatter.port} is taken by another program`)
    const back = (await signInAt(login.url))!
    expect(back).toContain(`http://127.0.0.1:${squatter.port}/back?`)
    await expect(complete(rig, login.id, 'what?')).rejects.toMatchObject({ kind: 'elsewhere' })
    expect(await complete(rig, login.id, back)).toBe('p/work')
    expect(await rig.view()).toMatchObject({ state: 'ok' })
  })

  test('by the name localhost', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server, block: { redirect: { host: 'localhost', path: '/back' } } })
    const back = (await signInAt((await begin(rig)).url))!
    expect(new URL(back).hostname).toBe('localhost')
    expect((await pageAt(back)).status).toBe(200)
  })

  test('an address without a path comes back to the root', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server, block: { redirect: { path: '' } } })
    const { url } = await begin(rig)
    expect(new URL(url).searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await pageAt((await signInAt(url))!)).status).toBe(200)
  })

  test('by the name of the credential the account it names is signed in', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const { url } = await (await rig.open.logins()).begin('p', 'default')
    await pageAt((await signInAt(url))!)
    expect(await rig.view('p/work')).toMatchObject({ state: 'ok' })
  })

  test('a client secret goes along', async () => {
    await using server = await startOAuthServer({ secret: 'a secret of 32 letters and more..' })
    const block = { clientSecret: 'env:CLIENT_SECRET' }
    const rig = rigAccounts({ server, block, env: { CLIENT_SECRET: 'a secret of 32 letters and more..' } })
    expect((await pageAt((await signInAt((await begin(rig)).url))!)).status).toBe(200)
    const wrong = rigAccounts({ server, block, env: { CLIENT_SECRET: 'another one' } })
    const page = await pageAt((await signInAt((await begin(wrong)).url))!)
    expect(page.text).toContain('check oauth.clientId and oauth.clientSecret of provider p')
  })

  test('what the token endpoint answers instead is told in words', async () => {
    await using server = await startOAuthServer()
    server.sabotage({ status: 502, text: '<h1>Bad gateway</h1>' })
    const rig = rigAccounts({ server })
    const page = await pageAt((await signInAt((await begin(rig)).url))!)
    expect(page.text).toMatch(/failed on a request about the login of provider p \(status 502\)/)
    expect(page.text).not.toContain('Bad gateway')
  })
})

describe('a closed browser', () => {
  test('a cancelled login frees its port', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const login = await begin(rig)
    const back = (await signInAt(login.url))!
    ;(await rig.open.logins()).cancel(login.id)
    await expect(fetch(back)).rejects.toThrow()
    await expect(complete(rig, login.id, back)).rejects.toMatchObject({ kind: 'unknown' })
    expect(server.grants).toEqual([])
  })

  test('after five minutes a login ends by itself', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const logins = await rig.open.logins()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const login = await logins.begin('p', 'work')
    expect(login.expiresAt - rig.clock.now).toBe(5 * 60_000)
    vi.advanceTimersByTime(5 * 60_000)
    vi.useRealTimers()
    await expect(complete(rig, login.id, login.url)).rejects.toMatchObject({ kind: 'unknown' })
    expect(await rig.view()).toMatchObject({ error: expect.stringContaining('within five minutes') })
  })

  test('a new login of the same account takes the place of the old one, and its port', async () => {
    await using server = await startOAuthServer()
    const { port } = await startScriptedProvider({}).then(async (free) => {
      await free.close()
      return free
    })
    const rig = rigAccounts({ server, block: { redirect: { port } } })
    const first = await begin(rig)
    const second = await begin(rig)
    expect(second.note).toBeUndefined()
    await expect(complete(rig, first.id, first.url)).rejects.toMatchObject({ kind: 'unknown' })
    expect((await pageAt((await signInAt(second.url))!)).status).toBe(200)
  })

  test('logins are bounded in number, and all end with the gateway', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    const logins = await rig.open.logins()
    const open = []
    for (let count = 1; count <= 8; count += 1) open.push(await logins.begin('p', `account-${count}`))
    await expect(logins.begin('p', 'one-more')).rejects.toThrow('8 logins are open')
    rig.open.close()
    for (const { url } of open) {
      await expect(fetch(new URL(url).searchParams.get('redirect_uri')!)).rejects.toThrow()
    }
  })
})

describe('by a code to type', () => {
  const device = (server: OAuthServer) => rigAccounts({ server, block: { flow: 'device' } })
  const signedIn = (rig: AccountsRig) =>
    vi.waitFor(async () => expect(await rig.view()).toMatchObject({ state: 'ok' }), 10_000)

  test('Patchbay asks until the person has typed it', async () => {
    await using server = await startOAuthServer()
    const rig = device(server)
    const login = await begin(rig)
    expect(login.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    await vi.waitFor(() => expect(server.grants.length).toBeGreaterThan(1))
    expect(await signInAt(login.url)).toBeUndefined()
    await signedIn(rig)
    expect(await server.honours(await rig.token())).toBe(true)
    expect((await rig.view())?.label).toBe('ada@example.test')
    await expect(complete(rig, login.id, login.url)).rejects.toThrow()
  })

  test.each([
    ['slow_down with 400', { status: 400, type: 'application/json', text: '{"error":"slow_down"}' }],
    ['slow_down with 429', { status: 429, type: 'application/json', text: '{"error":"slow_down"}' }],
    ['429 and no words', { status: 429, text: '' }],
    ['a page of a proxy', { status: 502, text: '<html>' }],
  ])('%s ends no login', async (_name, answer) => {
    await using server = await startOAuthServer()
    server.sabotage(answer, answer)
    const rig = device(server)
    await signInAt((await begin(rig)).url)
    await signedIn(rig)
  })

  test.each([
    ['declined', '{"error":"access_denied"}', 'was declined'],
    ['too late for the service', '{"error":"expired_token"}', 'was not entered in time'],
  ])('%s: the login ends and says why', async (_name, text, words) => {
    await using server = await startOAuthServer()
    server.sabotage({ status: 400, type: 'application/json', text })
    const rig = device(server)
    await begin(rig)
    await vi.waitFor(async () => expect((await rig.view())?.error).toContain(words))
  })

  test('too late by our clock', async () => {
    await using server = await startOAuthServer()
    const rig = device(server)
    const login = await begin(rig)
    rig.clock.now = login.expiresAt
    await vi.waitFor(async () => expect((await rig.view())?.error).toContain('not entered in time'))
  })

  test('cancelled: nobody asks any more', async () => {
    await using server = await startOAuthServer()
    const rig = device(server)
    const login = await begin(rig)
    ;(await rig.open.logins()).cancel(login.id)
    await signInAt(login.url)
    await new Promise(setImmediate)
    const asked = server.grants.length
    await new Promise((later) => setTimeout(later, 100))
    expect(server.grants.length).toBe(asked)
    expect(await rig.view()).toMatchObject({ state: 'signed-out' })
  })
})

test('a login that yields a key: the path stands for the state, and the key is all there is', async () => {
  await using service = await startScriptedProvider({ json: { key: 'sk-or-canary-0123456789', user_id: 'user_1' } })
  const block = {
    yields: 'key',
    authorizationUrl: 'https://router.example/auth',
    tokenUrl: `${service.url}/keys`,
    redirect: { path: '/callback' },
    tokenFields: { accessToken: 'key', user: 'user_id' },
  }
  const rig = rigAccounts({ block })
  const { url } = await begin(rig)
  const sent = new URL(url).searchParams
  expect([...sent.keys()].sort()).toEqual(['callback_url', 'code_challenge', 'code_challenge_method'])
  const back = sent.get('callback_url')!
  expect((await pageAt(new URL('/callback?code=forged', back).href)).status).toBe(404)
  expect((await pageAt(`${back}?code=one`)).status).toBe(200)
  expect(service.requests.map(({ json }) => json)).toEqual([
    { code: 'one', code_verifier: expect.any(String), code_challenge_method: 'S256' },
  ])
  expect(await rig.token()).toBe('sk-or-canary-0123456789')
  // refused, there is nothing to renew: the service's own words are told
  expect(await rig.token('sk-or-canary-0123456789')).toBe('sk-or-canary-0123456789')
  expect(await rig.view()).toMatchObject({ state: 'ok', expiresAt: null })
})

describe('a login that cannot begin says why', () => {
  test.each<[string, object, string]>([
    ['a closed one', { status: { state: 'retired', because: 'It closed in April.' } }, 'It closed in April.'],
    ['no client', { clientId: undefined }, 'needs virtualrouter.providers.p.oauth.clientId'],
    [
      'tokens in clear',
      { tokenUrl: 'http://login.example/token' },
      '(http://login.example/token) would send tokens in clear',
    ],
    ['a host that is not here', { redirect: { host: '192.0.2.1' } }, 'Nothing can be listened on at 192.0.2.1'],
  ])('%s', async (_name, block, words) => {
    const usual = {
      authorizationUrl: 'https://login.example/auth',
      tokenUrl: 'https://login.example/token',
      clientId: 'c',
    }
    const rig = rigAccounts({ block: { ...usual, ...block } })
    await expect(begin(rig)).rejects.toThrow(words)
  })

  test('a provider that is not there', async () => {
    const logins = await rigAccounts().open.logins()
    await expect(logins.begin('q', 'work')).rejects.toMatchObject({ kind: 'unknown' })
  })

  test('a restricted one begins, with its terms', async () => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server, block: { status: { state: 'restricted', because: 'Only with a licence.' } } })
    expect((await begin(rig)).note).toBe('Only with a licence.')
  })
})

test('with the keychain shut, a login counts for this run and says so', async () => {
  await using server = await startOAuthServer()
  const rig = rigAccounts({ server })
  const { url } = await begin(rig)
  rig.keychain.says = () => locked
  const page = await pageAt((await signInAt(url))!)
  expect(page.text).toContain('The login counts until Patchbay ends, because the keychain is locked.')
  expect(await server.honours(await rig.token())).toBe(true)
  expect(await rig.view()).toMatchObject({ state: 'locked', error: expect.stringContaining('until Patchbay ends') })
  expect(JSON.stringify([...rig.keychain.entries])).not.toContain(await rig.token())
})

test('signing out revokes and forgets', async () => {
  await using server = await startOAuthServer()
  const rig = rigAccounts({ server })
  await pageAt((await signInAt((await begin(rig)).url))!)
  const token = await rig.token()
  expect(await rig.open.signOut('p/work')).toMatchObject({ revoked: true })
  expect(await server.honours(token)).toBe(false)
  expect(await rig.view()).toMatchObject({ state: 'signed-out' })
  expect([...rig.keychain.entries.keys()]).not.toContain('account p/work')
  await expect(rig.open.signOut('p/work')).rejects.toMatchObject({ kind: 'unknown' })
})

test('signing out where the service cannot be told, or does not listen', async () => {
  await using server = await startOAuthServer()
  const deaf = http.createServer((_request, response) => response.writeHead(500).end())
  await new Promise<void>((listening) => deaf.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void deaf.close())
  const { port } = deaf.address() as AddressInfo
  for (const [revokeUrl, words] of [
    [undefined, 'no way to be told'],
    [`http://127.0.0.1:${port}/revoke`, 'the service was not told'],
  ]) {
    const rig = rigAccounts({ server, block: { revokeUrl } })
    await pageAt((await signInAt((await begin(rig)).url))!)
    expect(await rig.open.signOut('p/work')).toEqual({ revoked: false, words: expect.stringContaining(words!) })
    expect(await rig.view()).toMatchObject({ state: 'signed-out' })
  }
})
