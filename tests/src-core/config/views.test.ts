import { expect, test } from 'vitest'
import { matches } from '../../../src-core/config/check-target.ts'
import { isLoopbackHost } from '../../../src-core/config/loopback.ts'
import { nearest } from '../../../src-core/config/nearest.ts'
import { type ConfigInput, configSchema } from '../../../src-core/config/schema.ts'
import { isEngineTarget } from '../../../src-core/config/search-route.ts'
import { parseTargetName, targetOf } from '../../../src-core/config/target-name.ts'
import {
  activeGroup,
  changedProviders,
  credentialsOf,
  routingGroups,
  usersOfSecret,
} from '../../../src-core/config/views.ts'

const config = (virtualrouter: ConfigInput['virtualrouter']) => configSchema.parse({ virtualrouter })
const routing = { default: [{ targets: ['p.a'] }] }

test.each<[string, ConfigInput['virtualrouter'], string[], string]>([
  ['the top alone', { routing }, ['default'], 'default'],
  ['the top and groups', { routing, routingGroups: { g: { routing } } }, ['default', 'g'], 'default'],
  ['a chosen group', { routing, routingGroups: { g: { routing } }, activeGroup: 'g' }, ['default', 'g'], 'g'],
  ['groups alone: the first', { routingGroups: { g: { routing }, h: { routing } } }, ['g', 'h'], 'g'],
  ['groups alone, one named default', { routingGroups: { default: { routing } } }, ['default'], 'default'],
])('groups: %s', (_name, router, ids, active) => {
  expect(routingGroups(config(router)).map(({ id }) => id)).toEqual(ids)
  expect(activeGroup(config(router)).id).toBe(active)
})

test('which providers a change is about', () => {
  const providers = (own: object) => config({ providers: { kept: { profile: 'demo' }, ...own } })
  const before = providers({ gone: { profile: 'demo' }, moved: { type: 'openai', baseUrl: 'http://one.example/v1' } })
  const after = providers({ moved: { type: 'openai', baseUrl: 'http://two.example/v1' }, made: { profile: 'demo' } })
  expect(changedProviders(before, after)).toEqual(['gone', 'moved'])
  expect(changedProviders(after, after)).toEqual([])
})

test('a provider’s credentials, however they are written', () => {
  const { providers } = config({
    providers: {
      none: { profile: 'demo' },
      one: { profile: 'demo', auth: { type: 'client' } },
      two: {
        profile: 'demo',
        auth: [
          { alias: 'a', type: 'none' },
          { alias: 'b', type: 'apikey', secret: 'env:B' },
        ],
      },
    },
  }).virtualrouter
  expect(credentialsOf(providers.none!)).toEqual([])
  expect(credentialsOf(providers.one!)).toEqual([{ alias: 'default', type: 'client' }])
  expect(credentialsOf(providers.two!).map(({ alias }) => alias)).toEqual(['a', 'b'])
})

test.each([
  ['p.m', { provider: 'p', model: 'm' }],
  ['gemini.gemini-3.5-flash', { provider: 'gemini', model: 'gemini-3.5-flash' }],
  ['p[work].m.1', { provider: 'p', alias: 'work', model: 'm.1' }],
  ['p.*', { provider: 'p', model: '*' }],
  ['p.org/model:8b', { provider: 'p', model: 'org/model:8b' }],
  ['p', undefined],
  ['.m', undefined],
  ['p.', undefined],
  ['p[].m', undefined],
  ['p[a.m', undefined],
  ['p.a b', undefined],
])('the target %s', (text, name) => {
  expect(parseTargetName(text)).toEqual(name)
})

test('a name alone weighs 1', () => {
  expect([targetOf('p.a'), targetOf({ target: 'p.b', weight: 3 })]).toEqual([
    { target: 'p.a', weight: 1 },
    { target: 'p.b', weight: 3 },
  ])
})

test.each([
  ['a', 'a', true],
  ['*', 'anything', true],
  ['gemini-*-flash*', 'gemini-3.5-flash-lite', true],
  ['gemini-*-flash*', 'gemini-flash', false],
  ['a*a', 'a', false],
  ['a*b*c', 'a-c-b', false],
  ['a*b*c', 'abbc', true],
  ['gpt-5', 'gpt-5.1', false],
  ['*'.repeat(30), 'x'.repeat(1000), true],
  [`${'*a'.repeat(30)}b`, 'a'.repeat(1000), false],
])('%s takes %s: %s', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected)
})

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['LOCALHOST', true],
  ['::1', true],
  ['[::1]', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost.', true],
  ['patchbay.localhost', true],
  ['127.0.0.1.example', false],
  ['localhost.example', false],
  ['::ffff:10.0.0.1', false],
  ['127.0.0.999', false],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected)
})

test.each([
  ['gatewy', 'gateway'],
  ['TARGETS', 'targets'],
  ['tragets', 'targets'],
  ['xyzzy', undefined],
  ['a', undefined],
])('%s was meant as %s', (word, meant) => {
  expect(nearest(word, ['gateway', 'targets', 'b'])).toBe(meant)
})

test('a secret serves as a key, or to sign in with', () => {
  const oauth = { tokenUrl: 'https://x.example/token', clientSecret: 'keychain:shared' }
  const auth = [
    { alias: 'work', type: 'oauth' as const },
    { alias: 'spare', type: 'apikey' as const, secret: 'keychain:other' },
  ]
  const providers = {
    login: { type: 'openai' as const, baseUrl: 'https://x.example/v1', oauth, auth },
    key: { profile: 'glm', auth: { type: 'apikey' as const, secret: 'keychain:shared' } },
    described: { profile: 'glm', oauth, auth: { type: 'none' as const } },
  }
  expect(usersOfSecret(config({ providers }), 'shared')).toEqual(['login[work]', 'key[default]'])
  expect(usersOfSecret(config({ providers }), 'other')).toEqual(['login[spare]'])
})

test.each([
  ['p.m', 'p.m', true],
  ['p.*', 'p.m', true],
  ['p.m', 'p[work].m', true],
  ['p[work].m', 'p[work].m', true],
  ['p[work].m', 'p.m', false],
  ['p.m', 'p.other', false],
  ['q.m', 'p.m', false],
  ['p', 'p.m', false],
])('the route’s %s stands for the engine at %s: %s', (listed, providerKey, expected) => {
  expect(isEngineTarget(listed, providerKey)).toBe(expected)
})

test('what a secret serves: credentials and search engines', () => {
  const used = config({
    providers: { p: { profile: 'demo', auth: { alias: 'work', type: 'apikey', secret: 'keychain:shared' } } },
    webSearch: {
      engines: [
        { id: 'brave', service: 'brave', secret: 'keychain:shared' },
        { id: 'tavily', service: 'tavily', secret: 'keychain:other' },
      ],
    },
  })
  expect(usersOfSecret(used, 'shared')).toEqual(['p[work]', 'web search brave'])
})
