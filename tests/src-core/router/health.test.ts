import { describe, expect, test } from 'vitest'
import type { ErrorKind, GatewayError } from '../../../src-core/model/error.ts'
import { createHealth, type Health } from '../../../src-core/router/health.ts'
import { failure, target } from './rig.ts'

const main = target('p[work].main')
const sibling = target('p[work].sibling')
const otherKey = target('p[home].main')

function setup(): { health: Health; clock: { now: number } } {
  const clock = { now: 0 }
  const settings = { failureThreshold: 3, cooldownMs: 30_000, fatalCooldownMs: 300_000 }
  return { clock, health: createHealth({ settings: () => settings, now: () => clock.now }) }
}

const cases: [string, GatewayError[], 'healthy' | 'cooling' | 'tripped', number][] = [
  ['a hiccup', [failure('provider-error')], 'healthy', 0],
  ['two hiccups', [failure('provider-error'), failure('timeout')], 'healthy', 0],
  [
    'three in a row',
    [failure('provider-error'), failure('timeout'), failure('provider-unreachable')],
    'cooling',
    30_000,
  ],
  ['a rate limit cools at once', [failure('rate-limited')], 'cooling', 30_000],
  ['a named wait is honoured exactly', [failure('rate-limited', { waitMs: 12_345 })], 'cooling', 12_345],
  ['also after a single hiccup', [failure('provider-error', { waitMs: 2000 })], 'cooling', 2000],
  ['15 minutes at most', [failure('rate-limited', { waitMs: 3_600_000 })], 'cooling', 900_000],
  ['a wait of weeks', [failure('rate-limited', { waitMs: 3e9 })], 'cooling', 900_000],
  ['a wait of -1 is none', [failure('rate-limited', { waitMs: -1 })], 'cooling', 30_000],
  ['a wait nobody named is none', [failure('capacity', { waitMs: 1000, from: 'none' })], 'cooling', 30_000],
  ['a credential trips', [failure('bad-credentials')], 'tripped', 300_000],
  ['a quota with its reset', [failure('quota-exhausted', { waitMs: 600_000 })], 'tripped', 600_000],
  ['the client’s own fault', Array(5).fill(failure('bad-request')), 'healthy', 0],
  ['ours', Array(5).fill(failure('internal')), 'healthy', 0],
  ['an overflow says nothing about health', Array(5).fill(failure('context-overflow')), 'healthy', 0],
]

describe('health', () => {
  test.each(cases)('%s', (_, failures, state, until) => {
    const { health } = setup()
    for (const one of failures) health.record(main, one)
    expect(health.state(main)).toMatchObject({ state, until })
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
})
