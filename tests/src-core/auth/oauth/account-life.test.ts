import { describe, expect, test, vi } from 'vitest'
import { filesIn } from '../../../helpers/files-in.ts'
import { type OAuthServer, type OAuthServerOptions, signInAt, startOAuthServer } from '../../../helpers/oauth-server.ts'
import { locked } from '../keychain-rig.ts'
import { type AccountsRig, newHome, rigAccounts } from './rig.ts'

/** Somebody who has just signed in; the token lives for an hour unless said otherwise. */
async function signedIn(options: OAuthServerOptions = {}, block: object = {}) {
  const server = await startOAuthServer(options)
  const shared = { home: newHome(), entries: new Map<string, string>() }
  const rig = rigAccounts({ server, block, shared })
  await signIn(rig)
  server.grants.length = 0
  return { server, shared, rig, first: await rig.token(), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

async function signIn({ open }: AccountsRig): Promise<void> {
  const { url } = await (await open.logins()).begin('p', 'work')
  await (await fetch((await signInAt(url))!)).text()
}

const hour = 3_600_000
const html = { status: 200, text: '<html>Sign in to the hotel</html>' }
const pass = (rig: AccountsRig, ms: number) => {
  rig.clock.now += ms
  rig.keychain.clock += ms
}
const settled = (server: OAuthServer, count: number) => vi.waitFor(() => expect(server.grants).toHaveLength(count))

test('a fresh token is given at once, and nobody is asked', async () => {
  await using it = await signedIn()
  expect(await it.rig.token()).toBe(it.first)
  expect(it.server.grants).toEqual([])
})

test('ahead of its end a token is renewed while it goes on serving', async () => {
  await using it = await signedIn({}, { refreshMarginSeconds: 600 })
  pass(it.rig, hour - 601_000)
  expect(await it.rig.token()).toBe(it.first)
  expect(it.server.grants).toEqual([])
  pass(it.rig, 2000)
  expect(await it.rig.token()).toBe(it.first)
  await vi.waitFor(async () => expect(await it.rig.token()).not.toBe(it.first))
  expect(it.server.grants).toEqual(['refresh_token'])
  expect(await it.server.honours(await it.rig.token())).toBe(true)
})

test('at its end all who wait get one renewed token; it is stored before anybody has it', async () => {
  await using it = await signedIn()
  pass(it.rig, hour + 1)
  let stored: boolean | undefined
  const tokens = await Promise.all(
    Array.from({ length: 20 }, () =>
      it.rig.token().then((token) => {
        stored ??= it.shared.entries.get('account p/work')!.includes(token)
        return token
      }),
    ),
  )
  expect([new Set(tokens).size, tokens.includes(it.first), stored]).toEqual([1, false, true])
  expect(it.server.grants).toEqual(['refresh_token'])
})

test('A13: two processes at the end of a token refresh it once', async () => {
  await using it = await signedIn()
  const other = rigAccounts({ server: it.server, shared: it.shared })
  expect(await other.token()).toBe(it.first)
  for (const rig of [it.rig, other]) pass(rig, hour + 1)
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? it.rig : other).token()))
  expect(new Set(tokens).size).toBe(1)
  expect(it.server.grants).toEqual(['refresh_token'])
})

test('A14: signed out at the start, signed in by another process later: picked up without a restart', async () => {
  await using server = await startOAuthServer()
  const shared = { home: newHome(), entries: new Map<string, string>() }
  const [waiting, other] = [rigAccounts({ server, shared }), rigAccounts({ server, shared })]
  await expect(waiting.token()).rejects.toMatchObject({ kind: 'no-credential' })
  await signIn(other)
  await vi.waitFor(async () => expect(await waiting.token()).toBe(await other.token()), 10_000)
  expect(await waiting.view()).toMatchObject({ state: 'ok' })
})

describe('a refused token', () => {
  test('is renewed once, however many say so', async () => {
    await using it = await signedIn()
    const tokens = await Promise.all([it.rig.token(it.first), it.rig.token(it.first), it.rig.token(it.first)])
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).not.toBe(it.first)
    // one who was late with the old token
    expect(await it.rig.token(it.first)).toBe(tokens[0])
    expect(it.server.grants).toEqual(['refresh_token'])
  })

  test('when another process has renewed it already, that one is taken', async () => {
    await using it = await signedIn()
    const other = rigAccounts({ server: it.server, shared: it.shared })
    await other.token()
    const renewed = await it.rig.token(it.first)
    expect(await other.token(it.first)).toBe(renewed)
    expect(it.server.grants).toEqual(['refresh_token'])
  })

  test('A7: what the provider refuses after a refresh too asks to sign in again', async () => {
    await using it = await signedIn()
    it.rig.refused.push({
      id: 'p[default]',
      state: 'tripped',
      failure: { kind: 'bad-credentials', message: 'Refused.' },
    })
    expect(await it.rig.view()).toMatchObject({ state: 'sign-in-again', error: 'Refused.' })
  })
})

describe('what comes in the way of a refresh', () => {
  test.each([
    ['a page of HTML', html, 'provider-error', 'something that is no OAuth answer (status 200)'],
    ['429', { status: 429, text: '', headers: { 'retry-after': '7' } }, 'rate-limited', 'takes no more requests'],
    ['500', { status: 500, text: 'oops' }, 'provider-error', 'failed on a request about the login of provider p'],
    [
      'a token that fits no header',
      { status: 200, text: '{"access_token":"a\\nb"}' },
      'provider-error',
      'cannot be trusted',
    ],
    ['JSON that is no answer', { status: 200, text: '{"hello":1}' }, 'provider-error', 'cannot be trusted'],
    [
      'a client that is not accepted',
      { status: 401, text: '{"error":"invalid_client"}' },
      'needs-user-action',
      'check',
    ],
    [
      'a service in trouble',
      { status: 400, text: '{"error":"temporarily_unavailable"}' },
      'provider-error',
      'temporarily',
    ],
  ])('%s keeps the login', async (_name, answer, kind, words) => {
    await using it = await signedIn()
    it.server.sabotage(answer)
    pass(it.rig, hour + 1)
    await expect(it.rig.token()).rejects.toMatchObject({ kind, message: expect.stringContaining(words) })
    expect(await it.rig.view()).toMatchObject({ state: 'expiring', error: expect.stringContaining(words) })
    // left alone for a moment, then asked again
    await expect(it.rig.token()).rejects.toMatchObject({ kind })
    expect(it.server.grants).toHaveLength(1)
    pass(it.rig, 8000)
    expect(await it.server.honours(await it.rig.token())).toBe(true)
    expect(await it.rig.view()).toMatchObject({ state: 'ok' })
  })

  test('a token that still serves is used meanwhile', async () => {
    await using it = await signedIn()
    it.server.sabotage({ status: 500, text: '' }, html)
    pass(it.rig, hour - 1000)
    expect(await it.rig.token()).toBe(it.first)
    await settled(it.server, 1)
    await vi.waitFor(async () => expect((await it.rig.view())?.state).toBe('expiring'))
    expect(await it.rig.token()).toBe(it.first)
  })

  test('a service that cannot be reached is told in words', async () => {
    await using it = await signedIn()
    const gone = rigAccounts({ server: it.server, shared: it.shared, block: { tokenUrl: 'http://127.0.0.1:9/token' } })
    await gone.token()
    pass(gone, hour + 1)
    await expect(gone.token()).rejects.toMatchObject({
      kind: 'provider-error',
      message: expect.stringContaining('127.0.0.1:9 cannot be asked about the login of provider p'),
    })
  })

  test('one who leaves ends no refresh that others wait for', async () => {
    await using it = await signedIn()
    pass(it.rig, hour + 1)
    const leaving = new AbortController()
    const settings = { ...it.rig.settings }
    const left = Promise.resolve(
      it.rig.open.life.tokenFor({ provider: 'p', id: 'p/work', settings }, leaving.signal),
    ).catch((thrown: unknown) => thrown)
    const staying = it.rig.token()
    leaving.abort()
    expect(await left).toMatchObject({ kind: 'client-gone' })
    expect(await it.server.honours(await staying)).toBe(true)
    expect(it.server.grants).toEqual(['refresh_token'])
  })
})

describe('the answer to a refresh is lost', () => {
  test('where the service honours the old one, it is asked again', async () => {
    await using it = await signedIn({ rotate: false })
    it.server.sabotage('the answer is lost')
    pass(it.rig, hour + 1)
    await expect(it.rig.token()).rejects.toMatchObject({ kind: 'provider-error' })
    pass(it.rig, 3000)
    expect(await it.server.honours(await it.rig.token())).toBe(true)
  })

  test('where it does not, the login is over only when it says so', async () => {
    await using it = await signedIn({ rotate: true })
    it.server.sabotage('the answer is lost')
    pass(it.rig, hour - 1000)
    expect(await it.rig.token()).toBe(it.first)
    await settled(it.server, 1)
    await vi.waitFor(async () => expect((await it.rig.view())?.state).toBe('expiring'))
    pass(it.rig, 500)
    expect(await it.rig.token()).toBe(it.first)
    pass(it.rig, 5000)
    await expect(it.rig.token()).rejects.toMatchObject({ kind: 'bad-credentials' })
    expect(await it.rig.view()).toMatchObject({
      state: 'sign-in-again',
      error: expect.stringContaining('sign in again'),
    })
  })
})

test('a revoked login says to sign in again, is asked for no more, and serves again after a new login', async () => {
  await using it = await signedIn()
  await it.server.endAll()
  pass(it.rig, hour + 1)
  await expect(it.rig.token()).rejects.toMatchObject({ kind: 'bad-credentials', providerCode: 'invalid_grant' })
  await expect(it.rig.token()).rejects.toThrow(/no longer honours the login of provider p .*: sign in again/)
  pass(it.rig, 120_000)
  await expect(it.rig.token()).rejects.toMatchObject({ kind: 'bad-credentials' })
  expect(it.server.grants).toEqual(['refresh_token refused'])
  // told over a restart too, and to other processes
  const other = rigAccounts({ server: it.server, shared: it.shared })
  expect(await other.view()).toMatchObject({ state: 'sign-in-again' })
  await signIn(it.rig)
  expect(await it.server.honours(await it.rig.token())).toBe(true)
  expect(await it.rig.view()).toMatchObject({ state: 'ok' })
})

describe('clocks that differ by ten minutes', () => {
  test.each([-600_000, 600_000])('%i: signs in, serves and refreshes', async (skew) => {
    await using server = await startOAuthServer()
    const rig = rigAccounts({ server })
    rig.clock.now += skew
    await signIn(rig)
    const token = await rig.token()
    expect((await rig.view())?.expiresAt).toBe(rig.clock.now + hour)
    pass(rig, hour + 1)
    expect(await rig.token()).not.toBe(token)
  })

  test('a clock set forward in between costs one refresh', async () => {
    await using it = await signedIn({ seconds: 300 })
    pass(it.rig, 600_000)
    expect(await it.server.honours(await it.rig.token())).toBe(true)
    expect(it.server.grants).toEqual(['refresh_token'])
  })
})

describe('the keychain is locked in the middle', () => {
  test('what still serves is not risked', async () => {
    await using it = await signedIn()
    pass(it.rig, hour - 1000)
    it.rig.keychain.says = () => locked
    expect(await it.rig.token()).toBe(it.first)
    await vi.waitFor(async () =>
      expect(await it.rig.view()).toMatchObject({ error: expect.stringContaining('locked') }),
    )
    expect(await it.rig.token()).toBe(it.first)
    expect(it.server.grants).toEqual([])
    it.rig.keychain.says = () => undefined
    pass(it.rig, 11_000)
    expect(await it.server.honours(await it.rig.token())).toBe(true)
  })

  test('what has ended is renewed for this run, and kept as soon as it opens', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    try {
      await using it = await signedIn()
      pass(it.rig, hour + 1)
      it.rig.keychain.says = () => locked
      const token = await it.rig.token()
      expect(await it.server.honours(token)).toBe(true)
      expect(await it.rig.view()).toMatchObject({ state: 'locked' })
      expect(it.shared.entries.get('account p/work')).toContain(it.first)
      it.rig.keychain.says = () => undefined
      pass(it.rig, 60_000)
      await vi.advanceTimersByTimeAsync(60_000)
      await vi.waitFor(() => expect(it.shared.entries.get('account p/work')).toContain(token))
      await vi.waitFor(async () => expect(await it.rig.view()).toMatchObject({ state: 'ok' }))
    } finally {
      vi.useRealTimers()
    }
  })

  test('what another process has renewed is not given up for a refusal of the old one', async () => {
    await using it = await signedIn()
    const other = rigAccounts({ server: it.server, shared: it.shared })
    expect(await other.token()).toBe(it.first)
    for (const rig of [it.rig, other]) pass(rig, hour + 1)
    const renewed = await it.rig.token()
    other.keychain.says = () => locked
    // refused by the service, or by the keychain where it has noticed already that there is another
    await expect(other.token()).rejects.toMatchObject({
      kind: expect.stringMatching(/^(?:bad-credentials|no-credential)$/),
    })
    const kept = JSON.parse(it.shared.entries.get('account p/work')!)
    expect([kept.accessToken, kept.dead]).toEqual([renewed, undefined])
  })

  test('what only this run knew does not take the place of a younger login', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    try {
      await using it = await signedIn()
      const other = rigAccounts({ server: it.server, shared: it.shared })
      pass(it.rig, hour + 1)
      it.rig.keychain.says = () => locked
      await it.rig.token()
      pass(other, 2 * hour)
      await signIn(other)
      const younger = await other.token()
      it.rig.keychain.says = () => undefined
      pass(it.rig, 60_000)
      await vi.advanceTimersByTimeAsync(60_000)
      await vi.waitFor(async () => expect(await it.rig.token()).toBe(younger))
      expect(it.shared.entries.get('account p/work')).toContain(younger)
    } finally {
      vi.useRealTimers()
    }
  })

  test('locked from the start, the request and the view say so', async () => {
    await using it = await signedIn()
    const other = rigAccounts({ server: it.server, shared: it.shared })
    other.keychain.says = () => locked
    await expect(other.token()).rejects.toMatchObject({
      kind: 'no-credential',
      message: expect.stringContaining('locked'),
    })
    expect(await other.view()).toMatchObject({ state: 'locked', error: expect.stringContaining('Unlock it') })
  })

  test('what lies there and is no account is told without showing it', async () => {
    const shared = { home: newHome(), entries: new Map([['account p/work', '{"accessToken":"canary-7"}']]) }
    const rig = rigAccounts({ shared })
    const refusal = await rig.token().catch((thrown: unknown) => thrown)
    expect(String(refusal)).toContain('the account p/work is damaged in the keychain; sign in again')
    expect(JSON.stringify([refusal, await rig.view()])).not.toContain('canary-7')
  })
})

test('no token in the log, in the folder or in what is told, whatever a service repeats', async () => {
  await using it = await signedIn()
  const refreshToken = JSON.parse(it.shared.entries.get('account p/work')!).refreshToken
  const text = JSON.stringify({ error: 'server_error', error_description: `I do not know ${refreshToken}` })
  it.server.sabotage({ status: 400, text })
  pass(it.rig, hour + 1)
  const told: unknown[] = [await it.rig.token().catch((thrown: Error) => thrown.message)]
  pass(it.rig, 5000)
  await it.rig.token()
  told.push(it.rig.log, await it.rig.view(), await filesIn(it.shared.home))
  const shown = JSON.stringify(told)
  expect(it.server.issued.size).toBeGreaterThan(4)
  for (const secret of it.server.issued) expect(shown).not.toContain(secret)
})
