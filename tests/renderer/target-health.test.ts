import { expect, test } from 'vitest'
import { healthOfTarget } from '../../renderer/target-health.ts'
import { matchesTarget } from '../../renderer/target-name.ts'
import type { HealthOf } from '../../src-core/control/contract.ts'

const of = (state: HealthOf['state']): HealthOf => ({ state, since: 0, until: 0 })
const providers = [
  { id: 'north', enabled: true },
  { id: 'out', enabled: false },
]

test.each([
  ['all is well', 'north.a', [of('healthy')], [of('healthy')], 'healthy'],
  ['the target rests', 'north.a', [of('cooling')], [of('healthy')], 'cooling'],
  ['its credential is refused', 'north.a', [of('healthy')], [of('tripped')], 'tripped'],
  ['one of two credentials is refused', 'north.a', [of('healthy')], [of('tripped'), of('healthy')], 'healthy'],
  ['nothing is known', 'north.z', [], [], 'unknown'],
  ['its provider is off', 'out.a', [of('healthy')], [], 'off'],
])('%s', (_what, name, targets, credentials, state) => {
  const health = {
    targets: targets.map((entry) => ({ target: 'north.a', ...entry })),
    credentials: credentials.map((entry, index) => ({ credential: `north[${index}]`, ...entry })),
  }
  expect(healthOfTarget(name, providers, health).state).toBe(state)
})

test.each([
  ['north.a', 'north.a', true],
  ['north.*', 'north.a', true],
  ['north[spare].a', 'north.a', true],
  ['north[spare].*', 'north.a.b', true],
  ['north.a', 'north.ab', false],
  ['nor.*', 'north.a', false],
])('%s stands for %s: %s', (pattern, target, yes) => expect(matchesTarget(pattern, target)).toBe(yes))
