import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { GatewayError } from '../../../src-core/model/error.ts'
import type { Target } from '../../../src-core/model/target.ts'
import { createHealth, type HealthEntry, type HealthList } from '../../../src-core/router/health.ts'
import type { ProbeResult } from '../../../src-core/router/probe.ts'
import { createProbes, probeDue } from '../../../src-core/router/probes.ts'
import { failure, listenerFailed, target } from './rig.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** What a probe finds out, per target; `ok` unless told. */
function rig(options: { outcomes?: Record<string, GatewayError>; restored?: HealthList } = {}) {
  const { outcomes = {}, restored } = options
  const settings = () => ({ failureThreshold: 3, cooldownMs: 30_000, fatalCooldownMs: 300_000 })
  const health = createHealth({ settings, now: Date.now, restored, listenerFailed })
  const asked: string[] = []
  const gone = new Set<string>()
  const probes = createProbes({
    health,
    now: Date.now,
    async probe(to: Target): Promise<ProbeResult> {
      asked.push(`${to.id} ${(Date.now() - 1_000_000) / 1000}`)
      const error = outcomes[to.id]
      health.record(to, error ?? 'ok', Date.now())
      return error ? { ok: false, error } : { ok: true, ms: 1 }
    },
    targetOf: (id) => (gone.has(id) ? undefined : target(id)),
    told: () => {},
  })
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)
  return { health, probes, asked, gone, pass }
}

const minutes = (count: number) => ({ waitMs: count * 60_000 })

describe('when a rest gets its probe', () => {
  const rest = (seconds: number, more: Partial<HealthEntry> = {}): HealthEntry => ({
    id: 'p.a',
    target: 'p.a',
    state: 'cooling',
    since: 5000,
    until: 5000 + seconds * 1000,
    ...more,
  })
  test.each<[string, HealthEntry, number | undefined]>([
    ['a short one: never', rest(59.9), undefined],
    ['a minute: six seconds before its end', rest(60), 59_000],
    ['a long one: ten seconds before its end', rest(3600), 3_595_000],
    ['one from before a restart: at once', rest(3600, { suspect: true }), 5000],
    ['a short one from before a restart too', rest(10, { suspect: true }), 5000],
    ['none: never', { id: 'p.a', target: 'p.a', state: 'healthy', since: 5000, until: 0 }, undefined],
  ])('%s', (_, entry, due) => {
    expect(probeDue(entry)).toBe(due)
  })
})

describe('probes', () => {
  test('success ends a long rest before its time', async () => {
    const { health, probes, asked, pass } = rig()
    probes.start()
    health.record(target('p.a'), failure('rate-limited', minutes(10)))
    await pass(589)
    expect(asked).toEqual([])
    await pass(1)
    expect(asked).toEqual(['p.a 590'])
    expect(health.state(target('p.a')).state).toBe('healthy')
  })

  test('a failure makes it longer, and nobody asks again', async () => {
    const { health, probes, asked, pass } = rig({ outcomes: { 'p.a': failure('bad-credentials') } })
    probes.start()
    health.record(target('p.a'), failure('bad-credentials'))
    await pass(299)
    expect(asked).toEqual(['p.a 290'])
    await pass(200)
    expect(health.state(target('p.a')).state).toBe('tripped')
    await pass(86_400)
    expect(asked).toEqual(['p.a 290'])
  })

  test('the next rest gets its own', async () => {
    const { health, probes, asked, pass } = rig()
    probes.start()
    health.record(target('p.a'), failure('rate-limited', minutes(2)))
    await pass(120)
    health.record(target('p.a'), failure('rate-limited', minutes(2)))
    await pass(120)
    expect(asked).toEqual(['p.a 110', 'p.a 230'])
  })

  test('what was freed in the meantime, or is no longer there, is not asked', async () => {
    const { health, probes, asked, gone, pass } = rig()
    probes.start()
    for (const id of ['p.a', 'q.a', 'r.a']) health.record(target(id), failure('rate-limited', minutes(5)))
    await pass(60)
    health.reset({ target: 'p.a' })
    gone.add('q.a')
    await pass(600)
    expect(asked).toEqual(['r.a 290'])
  })

  test('a rest of weeks: no timer runs over', async () => {
    const { health, probes, asked, pass } = rig()
    probes.start()
    const seconds = 30 * 86_400
    health.record(target('p.a'), failure('rate-limited', { waitMs: seconds * 1000, reset: true }))
    await pass(seconds - 11)
    expect(asked).toEqual([])
    await pass(1)
    expect(asked).toEqual([`p.a ${seconds - 10}`])
  })

  const hour = 3_600_000
  const restored: HealthList = {
    targets: [
      { id: 'p.a', target: 'p.a', state: 'cooling', since: 990_000, until: 1_000_000 + hour },
      { id: 'q.a', target: 'q.a', state: 'cooling', since: 900_000, until: 999_999 },
    ],
    credentials: [
      {
        id: 'r[default]',
        target: 'r.a',
        state: 'tripped',
        since: 990_000,
        until: 1_000_000 + hour,
        failure: { kind: 'quota-exhausted', message: 'No more.' },
      },
    ],
  }

  test('after a restart they are asked at once: what answers is free, what fails blocks as before', async () => {
    const { health, probes, asked, pass } = rig({ restored, outcomes: { 'r.a': failure('quota-exhausted') } })
    expect(['p.a', 'q.a', 'r.a'].map((id) => health.state(target(id)).state)).toEqual(Array(3).fill('healthy'))
    health.record(target('r.a'), failure('bad-request')) // the client's own says nothing
    probes.start()
    await pass(1)
    expect(asked).toEqual(['p.a 0', 'r.a 0'])
    expect(health.list().targets).toEqual([])
    expect(health.list().credentials).toMatchObject([{ state: 'tripped', until: 1_000_000 + hour }])
    expect(health.state(target('r.b'))).toMatchObject({ state: 'tripped', until: 1_000_000 + hour })
  })

  test('a failure of another kind is a trouble of its own', async () => {
    const { health, probes, pass } = rig({ restored, outcomes: { 'p.a': failure('rate-limited') } })
    probes.start()
    await pass(1)
    expect(health.list().targets).toMatchObject([{ state: 'cooling', until: 1_030_000 }])
  })

  test('one hiccup does not confirm', async () => {
    const { health, probes, pass } = rig({ restored, outcomes: { 'p.a': failure('provider-unreachable') } })
    probes.start()
    await pass(1)
    expect(health.state(target('p.a')).state).toBe('healthy')
    expect(health.list().targets).toMatchObject([{ state: 'cooling', suspect: true }])
  })

  test('closed, it asks nothing more', async () => {
    const { health, probes, asked, pass } = rig()
    probes.start()
    health.record(target('p.a'), failure('rate-limited', minutes(5)))
    await pass(1)
    probes.close()
    health.record(target('q.a'), failure('rate-limited', minutes(5)))
    await pass(3600)
    expect(asked).toEqual([])
  })
})
