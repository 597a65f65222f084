import { describe, expect, test } from 'vitest'
import { type CredentialOwner, type CredentialQuestion, createCredentials } from '../../../src-core/auth/credentials.ts'
import { createSecretReader } from '../../../src-core/auth/secrets.ts'
import { noAccounts } from '../../helpers/no-accounts.ts'

const env: Record<string, string> = { KEY: 'sk-one' }
const secrets = createSecretReader({
  env,
  userHome: '/nowhere',
  folder: '/nowhere',
  keychain: { get: () => undefined },
})
const credentials = createCredentials({ secrets, accounts: noAccounts })
const signal = new AbortController().signal

function provider(more: Partial<CredentialOwner> = {}): CredentialOwner {
  return {
    id: 'p',
    envelope: 'none',
    apiKeyHeader: 'authorization',
    credentials: [{ alias: 'default', type: 'apikey', secret: 'env:KEY' }],
    ...more,
  }
}

type Wire = NonNullable<CredentialQuestion['wire']>
type CallersRequest = Pick<Wire, 'headers' | 'path'> & Partial<Wire>

const ask = async (owner: CredentialOwner, wire?: CallersRequest, credential = 'default') =>
  credentials.headersFor({ provider: owner, credential, wire: wire && { envelope: 'none', ...wire } }, signal)

describe('an API key', () => {
  test.each([
    ['authorization', { authorization: 'Bearer sk-one' }],
    ['x-goog-api-key', { 'x-goog-api-key': 'sk-one' }],
    ['api-key', { 'api-key': 'sk-one' }],
    ['x-api-key', { 'x-api-key': 'sk-one' }],
  ] as const)('in %s', async (apiKeyHeader, headers) => {
    expect(await ask(provider({ apiKeyHeader }))).toEqual(headers)
  })

  test('a new value counts from the next request', async () => {
    env.LATER = 'first'
    const owner = provider({ credentials: [{ alias: 'default', type: 'apikey', secret: 'env:LATER' }] })
    expect(await ask(owner)).toEqual({ authorization: 'Bearer first' })
    env.LATER = 'second'
    expect(await ask(owner)).toEqual({ authorization: 'Bearer second' })
  })

  test('of several, the one that was chosen', async () => {
    env.WORK = 'sk-work'
    const owner = provider({
      credentials: [
        { alias: 'home', type: 'apikey', secret: 'env:KEY' },
        { alias: 'work', type: 'apikey', secret: 'env:WORK' },
      ],
    })
    expect(await ask(owner, undefined, 'work')).toEqual({ authorization: 'Bearer sk-work' })
    await expect(ask(owner, undefined, 'gone')).rejects.toMatchObject({ kind: 'no-credential' })
    delete env.WORK
    await expect(ask(owner, undefined, 'work')).rejects.toThrow('Provider p has no credential named “work”: the env')
  })

  test.each([
    [
      'not set',
      { alias: 'default', type: 'apikey', secret: 'env:NOBODY' },
      'Provider p has no credential: the environment variable NOBODY is not set',
    ],
    ['not named', { alias: 'default', type: 'apikey' }, 'Provider p has no API key'],
    [
      'a login nobody has described',
      { alias: 'default', type: 'oauth' },
      'Provider p has no login: its profile knows none. Use an API key, or write virtualrouter.providers.p.oauth.',
    ],
  ] as const)('%s: said in words', async (_name, credential, words) => {
    const asking = ask(provider({ credentials: [credential] }))
    await expect(asking).rejects.toMatchObject({ kind: 'no-credential', message: expect.stringContaining(words) })
  })
})

test('none: no headers', async () => {
  expect(await ask(provider({ credentials: [{ alias: 'default', type: 'none' }] }))).toEqual({})
})

describe("the caller's own credential", () => {
  const owner = provider({ apiKeyHeader: 'x-goog-api-key', credentials: [{ alias: 'default', type: 'client' }] })
  const path = '/v1beta/models/m:generateContent'

  test('is forwarded unchanged, and nothing beside it', async () => {
    const headers = {
      'x-goog-api-key': 'theirs',
      'x-gemini-api-privileged-user-id': 'user-1',
      cookie: 'c=1',
      host: 'localhost:4141',
      'x-goog-api-client': 'cli/1',
      'x-patchbay-key': 'ours',
    }
    expect(await ask(owner, { headers, path })).toEqual({
      'x-goog-api-key': 'theirs',
      'x-gemini-api-privileged-user-id': 'user-1',
    })
  })

  test.each(['authorization', 'api-key', 'x-api-key'])('%s too', async (name) => {
    expect(await ask(owner, { headers: { [name]: 'Bearer theirs' }, path })).toEqual({ [name]: 'Bearer theirs' })
  })

  test('a key in the query moves into the header', async () => {
    expect(await ask(owner, { headers: {}, path: `${path}?alt=sse&key=th%20eirs` })).toEqual({
      'x-goog-api-key': 'th eirs',
    })
  })

  test('none brought: said in words, with the way out', async () => {
    const user = { 'x-gemini-api-privileged-user-id': 'user-1' }
    for (const wire of [{ headers: {}, path }, { headers: user, path: `${path}?alt=sse` }, undefined]) {
      await expect(ask(owner, wire)).rejects.toMatchObject({
        kind: 'no-credential',
        message: expect.stringContaining('x-patchbay-key'),
      })
    }
  })
  describe('of the Gemini CLI that is signed in with Google', () => {
    const codeAssist = provider({ envelope: 'code-assist', credentials: [{ alias: 'default', type: 'client' }] })
    const headers = {
      authorization: 'Bearer ya29.theirs',
      'user-agent': 'GeminiCLI-tui/0.61.0/gemini-3-flash (linux; x64; terminal)',
      'x-goog-api-client': 'gl-node/24.0.0',
      'x-gemini-api-privileged-user-id': 'user-1',
    }
    const wire = { headers, path: '/v1internal:generateContent', envelope: 'code-assist' } as const

    test('goes on to Code Assist as the CLI sent it', async () => {
      const { 'x-gemini-api-privileged-user-id': _, ...sent } = headers
      expect(await ask(codeAssist, wire)).toEqual(sent)
    })

    test('goes nowhere else, and no other key goes there', async () => {
      const kind = 'no-credential'
      await expect(ask(owner, wire)).rejects.toMatchObject({
        kind,
        message: expect.stringMatching(/Code Assist alone/),
      })
      await expect(ask(codeAssist, { headers: { authorization: 'Bearer sk' }, path })).rejects.toMatchObject({
        kind,
        message: expect.stringMatching(/CODE_ASSIST_ENDPOINT/),
      })
    })
  })
})
