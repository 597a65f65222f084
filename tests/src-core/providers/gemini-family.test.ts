import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src-core/config/parse.ts'
import { createCatalog } from '../../../src-core/providers/catalog.ts'
import { endpointFor } from '../../../src-core/providers/endpoint.ts'
import { loadProfiles } from '../../../src-core/providers/service-profile.ts'

const { profiles } = await loadProfiles()

/** A config with one provider, as a user writes it. */
function read(provider: object) {
  const providers = { google: { models: { '*': {} }, ...provider } }
  const routing = { default: [{ targets: ['google.*'] }] }
  return parseConfig(JSON.stringify({ virtualrouter: { providers, routing } }), { knownProfiles: profiles })
}

function resolved(provider: object) {
  const parsed = read(provider)
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
  const catalog = createCatalog({ config: parsed.config, profiles })
  return { catalog, provider: catalog.provider('google')!, target: catalog.expand('google.gemini-3-flash')[0] }
}

describe('A15: gemini and gemini-cli are one family', () => {
  test.each([
    ['gemini', 'gemini-oauth', 'none', 'https://generativelanguage.googleapis.com/v1beta'],
    ['gemini', 'gemini-cli-oauth', 'none', 'https://generativelanguage.googleapis.com/v1beta'],
    ['gemini-cli', 'gemini-oauth', 'code-assist', 'https://cloudcode-pa.googleapis.com/v1internal'],
    ['gemini-cli', 'gemini-cli-oauth', 'code-assist', 'https://cloudcode-pa.googleapis.com/v1internal'],
  ])('%s, type gemini, takes %s', (profile, type, envelope, baseUrl) => {
    const { provider, target } = resolved({ type: 'gemini', profile, auth: { type, account: 'work' } })
    expect(provider).toMatchObject({
      protocol: 'gemini-chat',
      envelope,
      baseUrl,
      credentials: [{ type: 'oauth', account: 'work' }],
      oauth: { flow: 'code', tokenUrl: 'https://oauth2.googleapis.com/token' },
    })
    expect(target).toMatchObject({ protocol: 'gemini-chat', envelope })
  })

  test.each([
    ['qwen', 'qwen-oauth'],
    ['iflow', 'iflow-oauth'],
  ])('so do %s and its %s, closed as it is', (profile, type) => {
    const { provider, target, catalog } = resolved({ profile, auth: { type } })
    expect(provider).toMatchObject({ protocol: 'openai-chat', oauth: { status: { state: 'retired' } } })
    expect(target).toBeUndefined()
    expect(catalog.skippedBecause('google.gemini-3-flash')).toMatch(/1[57] April 2026/)
  })

  test('streams are asked for as server-sent events at either', () => {
    const { provider, target } = resolved({ profile: 'gemini-cli', auth: { type: 'client' } })
    expect(endpointFor(provider, target!, ':streamGenerateContent?alt=sse').href).toBe(
      'https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse',
    )
  })

  test.each(['cloudcode-pa.googleapis.com', 'ftp://h/v1internal', 'https://h/v1internal?key=x'])(
    'a base that is none: %s',
    (baseUrl) => {
      expect(read({ profile: 'gemini-cli', baseUrl })).toMatchObject({
        problems: [{ path: 'virtualrouter.providers.google.baseUrl' }],
      })
    },
  )

  test.each([
    ['a number', '123456789'],
    ['an address', 'https://console.cloud.google.com'],
  ])('a project that is none: %s', (_what, project) => {
    expect(read({ profile: 'gemini-cli', project })).toMatchObject({
      problems: [{ path: 'virtualrouter.providers.google.project', hint: expect.stringContaining('not the number') }],
    })
  })

  test('an API key is for gemini, and gemini-cli says so', () => {
    const { catalog, target } = resolved({ profile: 'gemini-cli', auth: { type: 'apikey', secret: 'env:KEY' } })
    expect(target).toBeUndefined()
    expect(catalog.skippedBecause('google.gemini-3-flash')).toMatch(/takes a login and no API key/)
  })
})
