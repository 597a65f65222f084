import { describe, expect, test } from 'vitest'
import type { GatewayError } from '../../../src-core/model/error.ts'
import type { CallTarget } from '../../../src-core/model/generate.ts'
import type { ModelRequest } from '../../../src-core/model/request.ts'
import { createDecide } from '../../../src-core/router/decide.ts'
import { createHealth } from '../../../src-core/router/health.ts'
import { createRouter } from '../../../src-core/router/router.ts'
import { withHealth } from '../../../src-core/router/with-health.ts'
import { hear } from '../../helpers/answer-steps.ts'
import {
  answer,
  bodyOf,
  chunk,
  failure,
  listenerFailed,
  type RequestShape,
  request,
  routingView,
  type Setup,
  scripted,
  start,
  target as targetOf,
  text,
} from './rig.ts'

// Scenarios by the names they have elsewhere. Where one contradicts the contract, the contract wins and its title says so.

/** A router over targets that answer unless they are in `down`. */
function rig(setup: Setup) {
  const clock = { now: 0 }
  const down = new Map<string, GatewayError>()
  const called: string[] = []
  const requests: ModelRequest[] = []
  const now = () => clock.now
  const view = routingView(setup)
  const settings = () => ({ failureThreshold: 1, cooldownMs: 30_000, fatalCooldownMs: 300_000 })
  const health = createHealth({ settings, now, listenerFailed })
  const decide = createDecide({ view: () => view, health, now })
  const callTarget: CallTarget = (target, asked, caller) => {
    called.push(target.id)
    requests.push(asked)
    const error = down.get(target.id)
    return scripted({ [target.id]: [error ? [error] : answer(`from ${target.id}`)] })(target, asked, caller)
  }
  const generate = createRouter({
    view: () => view,
    callTarget: withHealth(callTarget, health, now),
    health,
    decide,
    now,
    sleep: async (ms) => {
      clock.now += ms
    },
  })
  const ask = (shape: RequestShape = {}) => hear((caller) => generate(request(shape), caller))
  /** Who was called for a number of requests, one after the other. */
  async function calls(count: number, shape: RequestShape = {}): Promise<string[]> {
    called.length = 0
    for (let turn = 0; turn < count; turn += 1) await ask(shape)
    return [...called]
  }
  return { clock, down, called, requests, health, decide, ask, calls }
}

const keys = { p: ['one', 'two', 'three'] }
const windows = { 'p.a': 1000, 'q.a': 1000, 'r.a': 5000 }

describe('balancing', () => {
  test('A1: keys of equal weight rotate evenly; the contract’s smooth weights win: an error lowers no share', async () => {
    const { calls, health } = rig({ windows, credentials: keys, routes: { default: [{ targets: ['p.a'] }] } })
    const round = ['p[one].a', 'p[two].a', 'p[three].a']
    expect(await calls(6)).toEqual([...round, ...round])
    health.record(targetOf('p[two].a'), failure('bad-request'))
    expect(await calls(3)).toEqual(round)
  })

  test('A1: out of the rotation while it rests, and back with its old share', async () => {
    const { calls, down, clock } = rig({ windows, credentials: keys, routes: { default: [{ targets: ['p.a'] }] } })
    down.set('p[one].a', failure('rate-limited'))
    expect(await calls(4)).toEqual(['p[one].a', 'p[two].a', 'p[three].a', 'p[two].a', 'p[three].a'])
    down.clear()
    clock.now += 30_000
    const share = (await calls(9)).filter((id) => id === 'p[one].a').length
    expect(share).toBe(3)
  })

  test('A2: a priority pool stays with its first group; the keys inside rotate', async () => {
    const { calls } = rig({ windows, credentials: keys, routes: { default: [{ targets: ['p.a', 'q.a'] }] } })
    expect(await calls(4)).toEqual(['p[one].a', 'p[two].a', 'p[three].a', 'p[one].a'])
  })

  test('many keys give no bigger share', async () => {
    const targets = ['p.a', 'q.a']
    const { calls } = rig({ windows, credentials: keys, routes: { default: [{ targets, strategy: 'round-robin' }] } })
    const called = await calls(60)
    expect(called.filter((id) => id === 'q.a')).toHaveLength(30)
    expect(called.filter((id) => id === 'p[two].a')).toHaveLength(10)
  })

  test('one that rested does not make up for it in a burst', async () => {
    const targets = ['p.a', 'q.a', 'r.a']
    const { calls, down, clock } = rig({ windows, routes: { default: [{ targets, strategy: 'round-robin' }] } })
    down.set('r.a', failure('rate-limited', { waitMs: 60_000 }))
    await calls(60)
    down.clear()
    clock.now += 60_000
    const called = await calls(9)
    expect(targets.map((id) => called.filter((one) => one === id).length)).toEqual([3, 3, 3])
  })

  test('A3: the backup pool serves while all primaries are out, and is left again', async () => {
    const { calls, down, clock } = rig({
      windows,
      routes: { default: [{ targets: ['p.a', 'q.a'] }, { backup: true, targets: ['r.a'] }] },
    })
    for (const id of ['p.a', 'q.a']) down.set(id, failure('rate-limited', { waitMs: 60_000 }))
    expect(await calls(1)).toEqual(['p.a', 'q.a', 'r.a'])
    expect(await calls(3)).toEqual(['r.a', 'r.a', 'r.a'])
    down.clear()
    clock.now += 60_000
    expect(await calls(2)).toEqual(['p.a', 'p.a'])
  })

  test('CA8: the contract’s order wins: among safe ones a smaller window comes no sooner', async () => {
    const { calls } = rig({ windows, routes: { default: [{ targets: ['r.a', 'p.a'] }] } })
    expect(await calls(3)).toEqual(['r.a', 'r.a', 'r.a'])
  })
})

describe('failover', () => {
  const inOrder: Setup = { windows, routes: { default: [{ targets: ['p.a', 'q.a', 'r.a'] }] } }

  test('A4: what failed is left out, and every attempt starts from the original request', async () => {
    const { ask, calls, down, requests } = rig(inOrder)
    down.set('p.a', failure('provider-error'))
    down.set('q.a', failure('capacity'))
    expect((await ask({ body: bodyOf(20) })).error).toBeUndefined()
    expect(new Set(requests).size).toBe(1)
    expect(requests[0]!.wire.body).toEqual(bodyOf(20))
    expect(await calls(1)).toEqual(['r.a'])
  })

  test.each<[string, GatewayError, string[], string | undefined]>([
    ['A5: 503 switches', failure('capacity'), ['p.a', 'q.a'], undefined],
    ['A5: 400 is the client’s and goes back', failure('provider-bad-request'), ['p.a'], 'provider-bad-request'],
    ['A5: too long moves to a larger window', failure('context-overflow'), ['p.a', 'r.a'], undefined],
    ['A11: an error frame before content', failure('stream-broken'), ['p.a', 'q.a'], undefined],
  ])('%s', async (_, error, inTurn, kind) => {
    const { ask, called, down } = rig(inOrder)
    down.set('p.a', error)
    expect((await ask()).error?.kind).toBe(kind)
    expect(called).toEqual(inTurn)
  })

  test('one that comes back while others are asked is asked too', async () => {
    const { ask, calls, down, clock } = rig(inOrder)
    for (const id of ['p.a', 'q.a']) down.set(id, failure('rate-limited', { waitMs: 60_000 }))
    await ask()
    // Half a minute later only r.a may be asked, and takes as long to fail; then both are back.
    down.delete('q.a')
    down.set('r.a', failure('timeout'))
    clock.now = 30_000
    const slow = calls(1)
    clock.now = 60_000
    expect(await slow).toEqual(['r.a', 'p.a', 'q.a'])
  })

  test('CA9: a window that is too small is skipped with the numbers; a later failure still moves on', async () => {
    const { ask, calls, decide, down } = rig({
      ...inOrder,
      windows: { ...windows, 'r.a': 5000, 's.a': 6000 },
      hardLimit: true,
      routes: { default: [{ targets: ['p.a', 'r.a', 's.a'] }] },
    })
    down.set('r.a', failure('provider-error'))
    const long = { body: bodyOf(1500) }
    expect(decide(request(long)).skipped).toEqual([
      { target: 'p.a', because: 'the request needs about 1500 tokens, its window holds 1000' },
    ])
    expect(await calls(1, long)).toEqual(['r.a', 's.a'])
    expect((await ask(long)).error).toBeUndefined()
  })

  test('A11: an error frame after content ends the answer and counts', async () => {
    const settings = () => ({ failureThreshold: 1, cooldownMs: 30_000, fatalCooldownMs: 300_000 })
    const health = createHealth({ settings, now: () => 0, listenerFailed })
    const script = [chunk(start), chunk(text('half')), chunk({ type: 'error' as const, error: failure('capacity') })]
    const call = withHealth(scripted({ 'p.a': [script] }), health, () => 0)
    await hear((caller) => call(targetOf('p.a'), request(), caller))
    expect(health.state(targetOf('p.a')).state).toBe('cooling')
  })
})
