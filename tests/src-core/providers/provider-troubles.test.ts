import { expect, test } from 'vitest'
import { parseConfig } from '../../../src-core/config/parse.ts'
import { createCatalog } from '../../../src-core/providers/catalog.ts'
import { providerTroubles } from '../../../src-core/providers/provider-troubles.ts'
import { loadProfiles } from '../../../src-core/providers/service-profile.ts'

const { profiles } = await loadProfiles()

/** What is told at the start, and why the provider is skipped where it is. */
function told(provider: object) {
  const providers = { p: { models: { '*': {} }, ...provider } }
  const virtualrouter = { providers, routing: { default: [{ targets: ['p.*'] }] } }
  const parsed = parseConfig(JSON.stringify({ virtualrouter }), { knownProfiles: profiles })
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
  const catalog = createCatalog({ config: parsed.config, profiles })
  const troubles = providerTroubles(catalog.provider('p')!).map(({ path, message }) => `${path}: ${message}`)
  return { troubles, skipped: catalog.skippedBecause('p.m') }
}

const oauth = { type: 'oauth', account: 'work' }

test.each<[string, object]>([
  ['the CLI’s own login passed on', { profile: 'gemini-cli', auth: { type: 'client' } }],
  ['an OAuth client of one’s own', { profile: 'gemini-cli', auth: oauth, oauth: { clientId: 'mine' } }],
  ['that of the installed CLI', { profile: 'gemini-cli', auth: oauth, oauth: { client: 'installed-gemini-cli' } }],
  ['one that is switched off', { profile: 'gemini-cli', auth: oauth, enabled: false }],
  ['a key beside a closed login', { profile: 'qwen', auth: { type: 'apikey', secret: 'env:KEY' } }],
])('%s: nothing to tell', (_what, provider) => {
  expect(told(provider).troubles).toEqual([])
})

test.each<[string, object, RegExp, RegExp | undefined]>([
  [
    'nothing to show at Code Assist',
    { profile: 'gemini-cli', auth: { type: 'none' } },
    /p\.auth: .*a login alone/,
    /a login alone/,
  ],
  // an account that was signed in before serves on
  ['no OAuth client to sign in with', { profile: 'gemini-cli', auth: oauth }, /p\.oauth: .*oauth\.clientId/, undefined],
  [
    'the login of Qwen',
    { profile: 'qwen', auth: { type: 'qwen-oauth' } },
    /p\.oauth: .*15 April 2026/,
    /15 April 2026/,
  ],
  [
    'the login of iFlow',
    { profile: 'iflow', auth: { type: 'iflow-oauth' } },
    /p\.oauth: .*17 April 2026/,
    /17 April 2026/,
  ],
])('%s: told at the start, and why it is skipped', (_what, provider, trouble, because) => {
  const { troubles, skipped } = told(provider)
  expect(troubles).toEqual([expect.stringMatching(trouble)])
  if (because) expect(skipped).toMatch(because)
  else expect(skipped).toBeUndefined()
})
