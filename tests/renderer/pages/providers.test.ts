import { describe, expect, test } from 'vitest'
import type { Config } from '../../../renderer/draft/config-value.ts'
import {
  addAccount,
  addCredential,
  removeCredential,
  renameCredential,
} from '../../../renderer/pages/providers/credential-changes.ts'
import {
  addProvider,
  deleteProvider,
  duplicateProvider,
  freeId,
  type Profile,
} from '../../../renderer/pages/providers/provider-changes.ts'
import { providerState } from '../../../renderer/pages/providers/provider-state.ts'
import { usesOf } from '../../../renderer/pages/providers/provider-uses.ts'
import { configSchema } from '../../../src-core/config/schema.ts'
import type { HealthOf, ProviderView } from '../../../src-core/control/contract.ts'
import { accountView } from '../../helpers/account-view.ts'

const config: Config = configSchema.parse({
  virtualrouter: {
    providers: {
      one: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', models: { m: {} } },
      'one-2': { profile: 'demo', models: { m: {} } },
    },
    modelMapping: { 'a*': 'one.m', 'b*': 'one-2.m' },
    routing: {
      default: [{ targets: ['one-2.m', { target: 'one[work].m' }, 'one.m'] }],
      background: [{ targets: ['one.m'] }],
    },
    routingGroups: { side: { modelMapping: { x: 'one.*' }, routing: {} } },
    webSearch: { engines: [{ id: 'e', providerKey: 'one.m' }] },
  },
})

describe('what breaks without a provider', () => {
  test('every place that names it is found, and only those', () => {
    const words = usesOf(config, 'one').map((use) => [use.type, use.target, use.type === 'pool' && use.last])
    expect(words).toEqual([
      ['mapping', 'one.m', false],
      ['pool', 'one[work].m', false],
      ['pool', 'one.m', false],
      ['pool', 'one.m', true],
      ['mapping', 'one.*', false],
      ['engine', 'one.m', false],
    ])
    expect(usesOf(config, 'on')).toEqual([])
  })

  test('they go from behind, so that places stay true, and the provider last', () => {
    const paths = deleteProvider(config, 'one').map(({ path }) => path.join('.'))
    expect(paths.at(-1)).toBe('virtualrouter.providers.one')
    expect(paths.indexOf('virtualrouter.routing.default.0.targets.2')).toBeLessThan(
      paths.indexOf('virtualrouter.routing.default.0.targets.1'),
    )
  })
})

describe('new providers', () => {
  const profile: Profile = {
    id: 'litellm',
    name: 'LiteLLM',
    type: 'openai',
    status: { state: 'active' },
    baseUrl: 'http://127.0.0.1:4000/v1',
    auth: ['apikey', 'none'],
  }

  test.each([
    ['one', 'one-3'],
    ['two', 'two'],
    ['öde.v 2', 'de-v-2'],
    ['.', 'provider'],
  ])('a provider like %s is named %s', (wanted, id) => {
    expect(freeId(config, wanted)).toBe(id)
  })

  test('one of a profile gets its address and a place for its key', () => {
    expect(addProvider('litellm', profile)).toEqual([
      {
        path: ['virtualrouter', 'providers', 'litellm'],
        value: {
          profile: 'litellm',
          baseUrl: 'http://127.0.0.1:4000/v1',
          auth: { type: 'apikey', secret: 'keychain:litellm' },
        },
      },
    ])
  })

  test('a copy says what its original says, no default, and is off', () => {
    expect(duplicateProvider(config, 'one', 'one-3')).toEqual([
      {
        path: ['virtualrouter', 'providers', 'one-3'],
        value: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', models: { m: {} }, enabled: false },
      },
    ])
  })
})

describe('how a provider stands', () => {
  const told = { id: 'one', noCredential: [] as { alias: string; because: string }[] } as ProviderView
  const of = (state: HealthOf['state']): HealthOf => ({ state, since: 0, until: 0 })
  const health = (credential: HealthOf['state'], ...targets: HealthOf['state'][]) => ({
    credentials: [
      { credential: 'one[default]', ...of(credential) },
      { credential: 'one-2[default]', ...of('tripped') },
    ],
    targets: [
      ...targets.map((state, index) => ({ target: `one.m${index}`, ...of(state) })),
      { target: 'one-2.m', ...of('tripped') },
    ],
  })

  test.each([
    ['all well', health('healthy', 'healthy', 'healthy'), 'healthy'],
    ['the key refused', health('tripped', 'healthy'), 'refused'],
    ['every target tripped', health('healthy', 'tripped', 'tripped'), 'refused'],
    ['every target resting', health('healthy', 'cooling', 'tripped'), 'cooling'],
    ['one target resting', health('healthy', 'healthy', 'cooling'), 'partly'],
  ])('%s', (_what, now, type) => {
    expect(providerState('one', true, told, now).type).toBe(type)
  })

  test.each([
    ['its one account is signed out', ['signed-out'], 'signedOut'],
    ['its one account has ended', ['sign-in-again'], 'signedOut'],
    ['its keychain is locked', ['locked'], 'signedOut'],
    ['one of two has ended', ['sign-in-again', 'ok'], 'ending'],
    ['one ends soon', ['expiring'], 'ending'],
    ['all are signed in', ['ok', 'ok'], 'healthy'],
  ] as const)('%s', (_what, states, type) => {
    const names = states.map((_state, index) => `one[a${index}]`)
    const accounts = states.map((state, index) =>
      accountView(`one/a${index}`, state, { usedBy: names.slice(index, index + 1) }),
    )
    const strange = [accountView('one-2/x', 'signed-out'), accountView('one/unused', 'signed-out', { usedBy: [] })]
    const now = { targets: [], credentials: names.map((credential) => ({ credential, ...of('healthy') })) }
    expect(providerState('one', true, told, now, [...strange, ...accounts]).type).toBe(type)
  })

  test('off, unknown and without a credential come before health', () => {
    expect(providerState('one', false, told, health('tripped')).type).toBe('off')
    expect(providerState('one', true, undefined, health('healthy')).type).toBe('unknown')
    const keyless = { ...told, noCredential: [{ alias: 'default', because: 'keychain:one is not set' }] }
    expect(providerState('one', true, keyless, health('healthy'))).toMatchObject({
      type: 'noCredential',
      because: 'keychain:one is not set',
    })
  })
})

describe('several keys of one provider', () => {
  const parsed = (auth: object | undefined): Config =>
    configSchema.parse({
      virtualrouter: {
        providers: { one: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', auth, models: { m: {} } } },
        modelMapping: { a: 'one[work].m', b: 'one.m' },
        routing: { default: [{ targets: ['one[work].m', { target: 'one[work].m', weight: 2 }, 'one[working].m'] }] },
        routingGroups: { side: { routing: { default: [{ targets: [{ target: 'one[work].*', weight: 1 }] }] } } },
        webSearch: { engines: [{ id: 'e', providerKey: 'one[work].m' }] },
      },
    })
  const key = (alias: string | undefined, secret: string) => ({ alias, type: 'apikey', secret })
  const at = ['virtualrouter', 'providers', 'one', 'auth']

  test('a single one becomes the first of a list', () => {
    expect(addCredential(parsed(key(undefined, 'env:A')), 'one')).toEqual([
      {
        path: at,
        value: [key('default', 'env:A'), key('key-2', 'keychain:one-key-2')],
      },
    ])
  })

  test('a list grows at its end, under a name that is free', () => {
    const config = parsed([key('key-3', 'env:A'), key('b', 'env:B')])
    expect(addCredential(config, 'one')).toEqual([{ path: [...at, 2], value: key('key-4', 'keychain:one-key-4') }])
    expect(removeCredential('one', 1)).toEqual([{ path: [...at, 1] }])
  })

  test.each([
    ['nothing is written', undefined],
    ['nothing is asked for', { type: 'none' }],
    ['the client’s own key went on', { type: 'client' }],
  ])('an account where %s is the one credential', (_name, auth) => {
    expect(addAccount(parsed(auth), 'one', 'default')).toEqual([{ path: at, value: { type: 'oauth' } }])
    expect(addAccount(parsed(auth), 'one', 'work')).toEqual([{ path: at, value: { alias: 'work', type: 'oauth' } }])
  })

  test('an account beside a key, which stays; under another alias where its own is taken', () => {
    const beside = { path: at, value: [key('default', 'env:A'), { alias: 'work', type: 'oauth' }] }
    expect(addAccount(parsed(key(undefined, 'env:A')), 'one', 'work')).toEqual([beside])
    const added = { path: [...at, 2], value: { alias: 'work-2', type: 'oauth', account: 'work' } }
    expect(addAccount(parsed([key('work', 'env:A'), key('b', 'env:B')]), 'one', 'work')).toEqual([added])
  })

  test('a new name goes wherever a target is pinned to the old one', () => {
    const steps = renameCredential(parsed([key('work', 'env:A'), key('home', 'env:B')]), 'one', 0, 'office')
    expect(steps.map((step) => [step.path.join('.'), 'value' in step && step.value])).toEqual([
      ['virtualrouter.providers.one.auth.0.alias', 'office'],
      ['virtualrouter.modelMapping.a', 'one[office].m'],
      ['virtualrouter.routing.default.0.targets.0', 'one[office].m'],
      ['virtualrouter.routing.default.0.targets.1.target', 'one[office].m'],
      ['virtualrouter.routingGroups.side.routing.default.0.targets.0.target', 'one[office].*'],
      ['virtualrouter.webSearch.engines.0.providerKey', 'one[office].m'],
    ])
  })
})
