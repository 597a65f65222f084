import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../../src-core/config/parse.ts'
import { createCatalog } from '../../../../src-core/providers/catalog.ts'
import { loadProfiles } from '../../../../src-core/providers/service-profile.ts'

const { profiles } = await loadProfiles()

const parsed = (provider: object) =>
  parseConfig(
    JSON.stringify({
      virtualrouter: {
        providers: { g: { models: { 'gemini-3.5-flash': {} }, ...provider } },
        routing: { default: [{ targets: ['g.gemini-3.5-flash'] }] },
      },
    }),
    { knownProfiles: profiles },
  )

function resolved(provider: object) {
  const read = parsed(provider)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return createCatalog({ config: read.config, profiles }).provider('g')!
}

describe('A15: gemini and gemini-cli are one family', () => {
  test.each([
    ['gemini', 'gemini-oauth', 'none', 'https://generativelanguage.googleapis.com/v1beta'],
    ['google', 'oauth', 'none', 'https://generativelanguage.googleapis.com/v1beta'],
    ['gemini-cli', 'gemini-cli-oauth', 'code-assist', 'https://cloudcode-pa.googleapis.com/v1internal'],
  ])('%s with %s: type gemini, and the address is known', (profile, type, envelope, baseUrl) => {
    const provider = resolved({ profile, type: 'gemini', auth: { type, account: 'work' } })
    expect(provider).toMatchObject({ protocol: 'gemini-chat', envelope, baseUrl })
    expect(provider.credentials).toEqual([{ alias: 'default', type: 'oauth', account: 'work' }])
    expect(provider.oauth).toMatchObject({ flow: 'code', tokenUrl: 'https://oauth2.googleapis.com/token', pkce: true })
  })

  test('an API key is refused on gemini-cli', () => {
    const auth = { type: 'apikey', secret: 'env:KEY' }
    expect(parsed({ profile: 'gemini-cli', auth })).toMatchObject({
      problems: [{ path: 'virtualrouter.providers.g.auth.type', message: 'the profile gemini-cli has no apikey' }],
    })
  })

  test('a malformed address is refused', () => {
    const wrong = { profile: 'gemini-cli', baseUrl: 'cloudcode-pa.googleapis.com', auth: { type: 'gemini-cli-oauth' } }
    expect(parsed(wrong)).toMatchObject({ problems: [{ path: 'virtualrouter.providers.g.baseUrl' }] })
  })
})

describe('a login where nobody has described one', () => {
  const provider = { profile: 'openai-compatible', baseUrl: 'https://x.example/v1', auth: [{ type: 'oauth' }] }

  test('is refused with what there is', () => {
    expect(parsed(provider)).toMatchObject({ problems: [{ path: 'virtualrouter.providers.g.auth[0].type' }] })
  })

  test('is taken with a description of its own', () => {
    const oauth = { authorizationUrl: 'https://login.example/a', tokenUrl: 'https://login.example/t', clientId: 'mine' }
    expect(resolved({ ...provider, oauth }).oauth).toMatchObject({ ...oauth, flow: 'code', refreshMarginSeconds: 300 })
  })
})

test('single keys of a provider take the place of its profile’s', () => {
  const oauth = {
    clientId: 'mine',
    clientSecret: 'keychain:client',
    redirect: { port: 4242 },
    extraParams: { hd: 'x.example' },
  }
  expect(resolved({ profile: 'google', auth: { type: 'oauth' }, oauth }).oauth).toMatchObject({
    clientId: 'mine',
    clientSecret: 'keychain:client',
    redirect: { host: '127.0.0.1', port: 4242, path: '/' },
    extraParams: { access_type: 'offline', hd: 'x.example' },
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  })
})
