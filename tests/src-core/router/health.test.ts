import { describe, expect, test } from 'vitest'
import type { ErrorKind, GatewayError } from '../../../src-core/model/error.ts'
import { createHealth, type Health, type HealthOptions } from '../../../src-core/router/health.ts'
import { failure, listenerFailed, target } from './rig.ts'

const main = target('p[work].main')
const sibling = target('p[work].sibling')
const otherKey = target('p[home].main')

function setup(options: Partial<HealthOptions> = {}) {
  const clock = { now: 0 }
  const settings = { failureThreshold: 3, cooldownMs: 30_000, fatalCooldownMs: 300_000 }
  const now = () => clock.now
  return { clock, health: createHealth({ settings: () => settings, now, listenerFailed, ...options }) }
}

const weeks = 3e9
const cases: [string, GatewayError[], 'healthy' | 'cooling' | 'tripped', until: number, from?: string][] = [
  ['a hiccup', [failure('provider-error')], 'healthy', 0],
  ['two hiccups', [failure('provider-error'), failure('timeout')], 'healthy', 0],
  [
    'three in a row',
    [failure('provider-error'), failure('timeout'), failure('provider-unreachable')],
    'cooling',
    30_000,
    'policy',
  ],
  ['a rate limit cools at once', [failure('rate-limited')], 'cooling', 30_000, 'policy'],
  ['a named wait is honoured exactly', [failure('rate-limited', { waitMs: 12_345 })], 'cooling', 12_345, 'retry-after'],
  ['also after a single hiccup', [failure('provider-error', { waitMs: 2000 })], 'cooling', 2000, 'retry-after'],
  ['15 minutes at most', [failure('rate-limited', { waitMs: 3_600_000 })], 'cooling', 900_000, 'retry-after'],
  ['a wait of weeks', [failure('rate-limited', { waitMs: weeks })], 'cooling', 900_000, 'retry-after'],
  [
    'until the limit is reset, however long',
    [failure('rate-limited', { waitMs: weeks, from: 'body', reset: true })],
    'cooling',
    weeks,
    'body',
  ],
  ['a wait of -1 is none', [failure('rate-limited', { waitMs: -1 })], 'cooling', 30_000, 'policy'],
  ['a wait nobody named is none', [failure('capacity', { waitMs: 1000, from: 'none' })], 'cooling', 30_000, 'policy'],
  ['a credential trips', [failure('bad-credentials')], 'tripped', 300_000, 'policy'],
  ['a quota for a while', [failure('quota-exhausted', { waitMs: 600_000 })], 'tripped', 600_000, 'retry-after'],
  [
    'a quota with its reset',
    [failure('quota-exhausted', { waitMs: 5 * 3_600_000, from: 'body', reset: true })],
    'tripped',
    5 * 3_600_000,
    'body',
  ],
  ['a trip is never a short one', [failure('quota-exhausted', { waitMs: 1000 })], 'tripped', 300_000, 'policy'],
  ['the client’s own fault', Array(5).fill(failure('bad-request')), 'healthy', 0],
  ['ours', Array(5).fill(failure('internal')), 'healthy', 0],
  ['a client that left', Array(5).fill(failure('client-gone')), 'healthy', 0],
  ['an overflow says nothing about health', Array(5).fill(failure('context-overflow')), 'healthy', 0],
]

describe('health', () => {
  test.each(cases)('%s', (_, failures, state, until, waitFrom) => {
    const { health } = setup()
    for (const one of failures) health.record(main, one)
    expect(health.state(main)).toMatchObject({ state, until })
    const { targets, credentials } = health.list()
    expect([...targets, ...credentials][0]?.waitFrom).toBe(waitFrom)
  })

  test('a rest ends by itself, and only ok forgets', () => {
    const { health, clock } = setup()
    for (let turn = 0; turn < 3; turn += 1) health.record(main, failure('provider-error'))
    clock.now = 29_999
    expect(health.state(main).state).toBe('cooling')
    clock.now = 30_000
    expect(health.state(main).state).toBe('healthy')
    health.record(main, failure('provider-error'))
    expect(health.state(main).state).toBe('cooling')
    clock.now = 60_000
    health.record(main, 'ok')
    health.record(main, failure('provider-error'))
    expect(health.state(main).state).toBe('healthy')
  })

  test('ok at once ends a rest', () => {
    const { health } = setup()
    health.record(main, failure('rate-limited', { waitMs: 60_000 }))
    health.record(main, 'ok')
    expect(health.state(main).state).toBe('healthy')
  })

  test('the ok of an answer that began before the rest does not', () => {
    const { health, clock } = setup()
    clock.now = 1000
    health.record(main, failure('rate-limited', { waitMs: 60_000 }))
    clock.now = 5000
    health.record(main, 'ok', 999)
    expect(health.state(main).state).toBe('cooling')
    health.record(main, 'ok', 1001)
    expect(health.state(main).state).toBe('healthy')
  })

  describe('failures that come in during a rest', () => {
    test.each<[string, GatewayError, number]>([
      ['a time of our own does not shorten it', failure('rate-limited'), 601_000],
      ['a hiccup does not either', failure('provider-error'), 601_000],
      ['the provider’s latest word does', failure('rate-limited', { waitMs: 2000 }), 7000],
      ['and lengthens it', failure('rate-limited', { waitMs: 700_000 }), 705_000],
    ])('%s', (_, second, until) => {
      const { health, clock } = setup()
      clock.now = 1000
      health.record(main, failure('rate-limited', { waitMs: 600_000 }))
      clock.now = 5000
      health.record(main, second)
      expect(health.list().targets).toMatchObject([{ since: 1000, until }])
    })
  })

  test.each<[ErrorKind, string, string, string]>([
    ['rate-limited', 'cooling', 'healthy', 'healthy'],
    ['bad-credentials', 'tripped', 'tripped', 'healthy'],
  ])('%s reaches: itself %s, another model %s, another credential %s', (kind, itself, model, credential) => {
    const { health } = setup()
    health.record(main, failure(kind))
    expect([main, sibling, otherKey].map((one) => health.state(one).state)).toEqual([itself, model, credential])
  })

  test('memory of failures has an end', () => {
    const { health } = setup()
    health.record(main, failure('rate-limited'))
    for (let turn = 0; turn < 6000; turn += 1) health.record(target(`p.any-${turn}`), failure('rate-limited'))
    expect(health.state(main).state).toBe('healthy')
    expect(health.state(target('p.any-5999')).state).toBe('cooling')
  })

  describe('what the window sees', () => {
    test('only what has a history, with the failure and who named the wait', () => {
      const { health, clock } = setup()
      clock.now = 100
      health.record(main, failure('rate-limited', { waitMs: 20_000 }))
      health.record(otherKey, failure('provider-error'))
      health.record(sibling, failure('bad-credentials'))
      const told = (kind: ErrorKind) => ({ kind, message: `It said ${kind}.` })
      expect(health.list()).toEqual({
        targets: [
          {
            id: 'p[work].main',
            state: 'cooling',
            since: 100,
            until: 20_100,
            failure: told('rate-limited'),
            waitFrom: 'retry-after',
            target: 'p[work].main',
          },
          {
            id: 'p[home].main',
            state: 'healthy',
            since: 100,
            until: 0,
            failure: told('provider-error'),
            target: 'p[home].main',
          },
        ],
        credentials: [
          {
            id: 'p[work]',
            state: 'tripped',
            since: 100,
            until: 300_100,
            failure: told('bad-credentials'),
            waitFrom: 'policy',
            target: 'p[work].sibling',
          },
        ],
      })
    })

    test.each<[string, Parameters<Health['reset']>[0], string[]]>([
      ['a target', { target: 'p[work].main' }, ['healthy', 'tripped']],
      ['a credential', { credential: 'p[home]' }, ['cooling', 'healthy']],
      ['one that is not there', { target: 'p[work]' }, ['cooling', 'tripped']],
      ['a provider', { provider: 'p' }, ['healthy', 'healthy']],
      ['a provider of another name', { provider: 'other' }, ['cooling', 'tripped']],
      ['everything', {}, ['healthy', 'healthy']],
    ])('resets %s', (_, what, states) => {
      const { health } = setup()
      health.record(main, failure('rate-limited'))
      health.record(otherKey, failure('bad-credentials'))
      health.reset(what)
      expect([main, otherKey].map((one) => health.state(one).state)).toEqual(states)
    })

    test('tells of changes, and of nothing else', () => {
      const { health } = setup()
      let told = 0
      const stop = health.subscribe(() => {
        told += 1
      })
      health.record(main, 'ok')
      health.record(main, failure('bad-request'))
      expect(told).toBe(0)
      health.record(main, failure('provider-error'))
      health.record(main, 'ok')
      health.record(main, 'ok')
      health.reset({})
      expect(told).toBe(3)
      stop()
      health.reset({})
      expect(told).toBe(3)
    })

    test('a listener that throws harms no request', () => {
      const heard: unknown[] = []
      const { health } = setup({ listenerFailed: (thrown) => heard.push(thrown) })
      health.subscribe(() => {
        throw new Error('oops')
      })
      health.record(main, failure('rate-limited'))
      expect(heard).toEqual([new Error('oops')])
      expect(health.state(main).state).toBe('cooling')
    })
  })

  describe('clocks', () => {
    test('one that is set back does not make a rest longer', () => {
      const { health, clock } = setup()
      clock.now = 86_400_000
      health.record(main, failure('rate-limited', { waitMs: 20_000 }))
      clock.now = 1000
      expect(health.state(main)).toMatchObject({ state: 'cooling', until: 21_000 })
      clock.now = 21_000
      expect(health.state(main).state).toBe('healthy')
    })

    test('one that is set forward ends it', () => {
      const { health, clock } = setup()
      health.record(main, failure('bad-credentials'))
      clock.now = 86_400_000
      expect(health.state(main).state).toBe('healthy')
    })
  })

  test('A6: without a named wait each rest is longer than the one before, success resets', () => {
    const { health, clock } = setup()
    const rest = (): number => {
      health.record(main, failure('rate-limited'))
      health.record(main, failure('rate-limited')) // sent at the same moment: the same rest
      const { until } = health.state(main)
      const length = until - clock.now
      clock.now = until
      return length / 1000
    }
    expect([rest(), rest(), rest(), rest(), rest(), rest()]).toEqual([30, 60, 120, 240, 300, 300])
    health.record(main, 'ok')
    expect(rest()).toBe(30)
    expect(health.state(sibling).state).toBe('healthy')
  })

  test('rests after hiccups are all alike: a server that was off is back soon', () => {
    const { health, clock } = setup()
    for (let turn = 0; turn < 8; turn += 1) health.record(main, failure('provider-unreachable'))
    clock.now = 30_000
    health.record(main, failure('provider-unreachable'))
    expect(health.state(main).until).toBe(60_000)
  })
})
