import { describe, expect, test } from 'vitest'
import { accountFrom, plainAnswer } from '../../../../src-core/auth/oauth/token-answer.ts'
import { type OAuthSettings, oauthSettings } from '../../../../src-core/config/oauth-settings.ts'

const settingsOf = (oauth: object = {}): OAuthSettings => oauthSettings({}, { oauth: { scopes: ['asked'], ...oauth } })!
const asked = { provider: 'p', url: 'https://login.example/token', secrets: ['rt-secret', undefined] }

const plain = async (body: object | string, oauth?: object, init: ResponseInit = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return (await plainAnswer(new Response(text, init), settingsOf(oauth), asked)).json()
}

test.each<[string, object, object | undefined, object]>([
  ['no token_type', { access_token: 'a' }, undefined, { access_token: 'a', token_type: 'bearer' }],
  [
    'nulls',
    { access_token: 'a', token_type: 'x', refresh_token: null },
    undefined,
    { access_token: 'a', token_type: 'x' },
  ],
  ['an end as text', { expires_in: '3600' }, undefined, { expires_in: 3600 }],
  ['an end that is none', { expires_in: 0 }, undefined, {}],
  [
    'names of its own',
    { key: 'a', ttl: 5 },
    { tokenFields: { accessToken: 'key', expiresIn: 'ttl' } },
    { access_token: 'a', token_type: 'bearer', expires_in: 5 },
  ],
  ['an identity nobody can check', { id_token: 'x.y.z' }, undefined, {}],
  ['an identity with an issuer', { id_token: 'x.y.z' }, { issuer: 'https://login.example' }, { id_token: 'x.y.z' }],
  ['a token that fits no header', { access_token: 'a\r\nb' }, undefined, {}],
])('a dialect made plain: %s', async (_name, body, oauth, expected) => {
  expect(await plain(body, oauth)).toEqual(expected)
})

describe('a refusal', () => {
  test.each<[string, object | string, number, string]>([
    ['in OAuth’s words', { error: 'invalid_grant' }, 400, 'bad-credentials'],
    ['with status 200', { error: 'invalid_grant' }, 200, 'bad-credentials'],
    ['that may pass', { error: 'server_error' }, 400, 'provider-error'],
    ['of the client', { error: 'invalid_client' }, 401, 'needs-user-action'],
    ['of the scopes', { error: 'invalid_scope' }, 400, 'needs-user-action'],
    ['of a service that fails', { error: 'invalid_grant' }, 500, 'provider-error'],
    ['in a service’s own name for it', { error: 'bad_refresh_token' }, 200, 'bad-credentials'],
    ['of a front door', '<html>', 403, 'provider-error'],
    ['for being many', '', 429, 'rate-limited'],
    ['in words of its own', { error: { code: 400, message: 'no' } }, 400, 'provider-error'],
  ])('%s', async (_name, body, status, kind) => {
    await expect(plain(body, {}, { status })).rejects.toMatchObject({ kind })
  })

  test('is told without what the service was told, without strange letters, and not too long', async () => {
    const error_description = `rt-secret \u202e\n<b>${'x'.repeat(1000)}`
    const refused = plain({ error: 'invalid_grant', error_description }, {}, { status: 400 })
    const words = String(await refused.catch((thrown: unknown) => thrown))
    expect(words).toContain('(invalid_grant: *** <b>xxx')
    expect(words.length).toBeLessThan(350)
  })
})

describe('the account an answer makes', () => {
  const before = {
    accessToken: 'old',
    refreshToken: 'kept',
    obtainedAt: 1,
    scopes: ['old'],
    label: 'ada',
    facts: { project: 'x' },
  }
  const answer = (more: object) => ({ access_token: 'new', token_type: 'bearer' as const, ...more })

  test('counts from when it was asked for, and keeps what the answer leaves out', () => {
    expect(accountFrom(answer({ expires_in: 60 }), { settings: settingsOf(), askedAt: 1000, before })).toEqual({
      ...before,
      accessToken: 'new',
      obtainedAt: 1000,
      expiresAt: 61_000,
    })
  })

  test('takes what the answer brings', () => {
    const settings = settingsOf({ tokenFields: { resource: 'resource_url' } })
    const brought = answer({ refresh_token: 'turned', scope: 'a  b', resource_url: 'https://api.example' })
    expect(accountFrom(brought, { settings, askedAt: 1000 })).toEqual({
      accessToken: 'new',
      refreshToken: 'turned',
      obtainedAt: 1000,
      scopes: ['a', 'b'],
      facts: { resource: 'https://api.example' },
    })
  })
})
