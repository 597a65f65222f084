import { describe, expect, test, vi } from 'vitest'
import type { GatewayError } from '../../../src-core/model/error.ts'
import type { Note } from '../../../src-core/model/event.ts'
import type { Generate } from '../../../src-core/model/generate.ts'
import { createHealth } from '../../../src-core/router/health.ts'
import { createRouter } from '../../../src-core/router/router.ts'
import { withHealth } from '../../../src-core/router/with-health.ts'
import { chunksOf, hear, patient, type Step, type Told } from '../../helpers/answer-steps.ts'
import {
  answer,
  attemptNote,
  bodyOf,
  chunk,
  end,
  failure,
  listenerFailed,
  request,
  routingView,
  type Script,
  type Setup,
  scripted,
  start,
  target as targetOf,
  text,
} from './rig.ts'

const windows = { 'a.x': 1000, 'b.x': 1000, 'c.x': 2000 }
const inOrder: Setup = { windows, routes: { default: [{ targets: ['a.x', 'b.x', 'c.x'] }] } }

function rig(scripts: Record<string, Script[]>, setup: Setup = inOrder) {
  const clock = { now: 0 }
  const slept: number[] = []
  const view = routingView(setup)
  const targets = scripted(scripts)
  const health = createHealth({
    settings: () => ({ failureThreshold: 3, cooldownMs: 30_000, fatalCooldownMs: 300_000 }),
    now: () => clock.now,
    listenerFailed,
  })
  const generate = createRouter({
    view: () => view,
    callTarget: withHealth(targets, health, () => clock.now),
    health,
    now: () => clock.now,
    sleep: async (ms) => {
      slept.push(ms)
      clock.now += ms
    },
  })
  return { generate, targets, clock, slept, health }
}

const ask = (generate: Generate, signal?: AbortSignal, asked = request()) =>
  hear((caller) => generate(asked, caller), signal)

function told(events: Told[]): string[] {
  const line = (note: Note): string => {
    if (note.type === 'attempt') return `attempt ${note.target} ${note.attempt}`
    if (note.type === 'attempt-failed') {
      const wait = note.waitMs ? ` wait ${note.waitMs}` : ''
      return `failed ${note.target} ${note.attempt} ${note.error.kind}${wait}`
    }
    if (note.type === 'skipped') return `skipped ${note.target} ${note.error.kind}`
    if (note.type === 'routed') return `routed ${note.decision.target} after ${note.decision.attempts}`
    return note.type
  }
  return events.map((event) => (event.type === 'note' ? line(event.note) : event.type))
}

describe('router', () => {
  test('the first target answers', async () => {
    const { generate, targets } = rig({ 'a.x': [answer('hi')] })
    const { told: events } = await ask(generate)
    expect(told(events)).toEqual([
      'attempt a.x 1',
      'routed a.x after 1',
      'response-start',
      'text-delta',
      'response-end',
    ])
    expect(targets.calls).toEqual(['a.x'])
  })

  test('the note names route, reasons, model and context', async () => {
    const { generate } = rig({ 'a.x': [answer('hi')] })
    const { told: events } = await ask(generate, undefined, request({ body: bodyOf(950), model: 'anything' }))
    // 950 of 1,000 is risky at a.x and b.x, so c.x with its 2,000 is asked; it has no script and that is ours.
    expect(told(events)[0]).toBe('skipped c.x internal')
    const small = await ask(generate, undefined, request({ body: bodyOf(420), model: 'anything' }))
    const routed = small.told.find((event) => event.type === 'note' && event.note.type === 'routed')
    expect(routed).toEqual({
      type: 'note',
      note: {
        type: 'routed',
        decision: {
          route: 'default',
          because: ['no other rule fired'],
          target: 'a.x',
          model: 'x',
          attempts: 1,
          ratio: 0.42,
          context: 'safe',
          decision: expect.objectContaining({ route: 'default', estimate: expect.objectContaining({ tokens: 420 }) }),
        },
      },
    })
  })

  test('a failure before content moves on and leaves no trace in the answer', async () => {
    const { generate } = rig({
      'a.x': [[chunk(start), failure('rate-limited')]],
      'b.x': [[chunk(start), chunk({ type: 'error', error: failure('capacity') })]],
      'c.x': [answer('from c')],
    })
    const { told: events, error } = await ask(generate)
    expect(error).toBeUndefined()
    expect(told(events)).toEqual([
      'attempt a.x 1',
      'failed a.x 1 rate-limited',
      'attempt b.x 1',
      'failed b.x 1 capacity',
      'attempt c.x 1',
      'routed c.x after 3',
      'response-start',
      'text-delta',
      'response-end',
    ])
  })

  test('an answer that ends before it began is a failure', async () => {
    const { generate } = rig({ 'a.x': [[chunk(start)]], 'b.x': [answer('hi')] })
    expect(told((await ask(generate)).told)).toContain('failed a.x 1 stream-broken')
  })

  test.each(['bad-request', 'provider-bad-request', 'content-filtered'] as const)(
    '%s goes straight back',
    async (kind) => {
      const { generate, targets } = rig({ 'a.x': [[failure(kind)]], 'b.x': [answer('hi')] })
      const { error } = await ask(generate)
      expect(error!.kind).toBe(kind)
      expect(targets.calls).toEqual(['a.x'])
    },
  )

  test('when all fail: the last failure, with every attempt in its cause', async () => {
    const { generate } = rig({
      'a.x': [[failure('provider-error')]],
      'b.x': [[failure('timeout')]],
      'c.x': [[failure('rate-limited', { waitMs: 60_000 })]],
    })
    const { error, told: events } = await ask(generate)
    expect(error).toMatchObject({ kind: 'rate-limited', target: 'c.x', wait: { ms: 60_000 } })
    expect(error!.message).toBe('It said rate-limited. Also tried: a.x (provider-error), b.x (timeout).')
    const story = error!.cause as AggregateError
    expect(story.errors.map((one: GatewayError) => one.kind)).toEqual(['provider-error', 'timeout', 'rate-limited'])
    expect(told(events).at(-1)).toBe('routed c.x after 3')
  })

  test('one target, one failure: told as it is', async () => {
    const down = failure('provider-unreachable')
    const { generate } = rig({ 'a.x': [[down]] }, { windows, routes: { default: [{ targets: ['a.x'] }] } })
    expect((await ask(generate)).error).toBe(down)
  })

  test('"too long" is not said while a target that fits was only busy', async () => {
    const { generate } = rig({
      'a.x': [[failure('capacity')]],
      'b.x': [[failure('context-overflow')]],
      'c.x': [[failure('context-overflow')]],
    })
    expect((await ask(generate)).error!.kind).toBe('capacity')
  })

  test('"cannot take it" is not said while a target that can was only busy', async () => {
    const { generate } = rig({
      'a.x': [[failure('capacity')]],
      'b.x': [['not called', failure('unsupported')]],
      'c.x': [['not called', failure('unsupported')]],
    })
    expect((await ask(generate)).error!.kind).toBe('capacity')
  })

  test("a provider's own overflow moves on to a larger window only", async () => {
    const { generate, targets } = rig({ 'a.x': [[failure('context-overflow')]], 'c.x': [answer('hi')] })
    await ask(generate)
    expect(targets.calls).toEqual(['a.x', 'c.x'])
  })

  test('a refused credential rules out what else needs it', async () => {
    const { generate, targets } = rig(
      { 'a.x': [[failure('bad-credentials')]], 'b.x': [answer('hi')] },
      { windows: { ...windows, 'a.y': 1000 }, routes: { default: [{ targets: ['a.x', 'a.y', 'b.x'] }] } },
    )
    await ask(generate)
    expect(targets.calls).toEqual(['a.x', 'b.x'])
  })

  test('after content the failure is the last event, thrown or not', async () => {
    const broken = failure('stream-broken')
    const { generate, targets } = rig({ 'a.x': [[chunk(start), chunk(text('half')), broken]], 'b.x': [answer('no')] })
    const { events, error } = await ask(generate)
    expect(error).toBeUndefined()
    expect(events.at(-1)).toEqual({ type: 'error', error: broken })
    expect(targets.calls).toEqual(['a.x'])
  })

  test('retries below count as attempts and are told once', async () => {
    const hiccup = failure('provider-error')
    const tried: Step = {
      note: { type: 'attempt-failed', target: 'a.x', attempt: 1, error: hiccup, waitMs: 500 },
    }
    const again = attemptNote('a.x', 2)
    const { generate } = rig({ 'a.x': [[tried, again, failure('timeout')]], 'b.x': [answer('hi')] })
    expect(told((await ask(generate)).told).slice(0, 6)).toEqual([
      'attempt a.x 1',
      'failed a.x 1 provider-error wait 500',
      'attempt a.x 2',
      'failed a.x 2 timeout',
      'attempt b.x 1',
      'routed b.x after 3',
    ])
  })

  test('each call tells its way along, for an answer that has to begin early', async () => {
    const { generate } = rig({ 'a.x': [[attemptNote('a.x', 1), failure('timeout')]], 'b.x': [answer('hi')] })
    const ways = (await ask(generate)).notes.flatMap((note) => (note.type === 'attempt' ? [note.route] : []))
    expect(ways).toMatchObject([
      { target: 'a.x', attempts: 1 },
      { target: 'a.x', attempts: 2 },
      { target: 'b.x', attempts: 3 },
    ])
  })

  test('a failure told below is not told again', async () => {
    const down = failure('provider-error')
    const failed: Step = { note: { type: 'attempt-failed', target: 'a.x', attempt: 1, error: down } }
    const { generate } = rig({ 'a.x': [[failed, down]], 'b.x': [answer('hi')] })
    expect(told((await ask(generate)).told).slice(0, 4)).toEqual([
      'attempt a.x 1',
      'failed a.x 1 provider-error',
      'attempt b.x 1',
      'routed b.x after 2',
    ])
  })

  test('a target that could not be called is skipped, and no attempt', async () => {
    const { generate } = rig({ 'a.x': [['not called', failure('unsupported')]], 'b.x': [answer('hi')] })
    expect(told((await ask(generate)).told).slice(0, 3)).toEqual([
      'skipped a.x unsupported',
      'attempt b.x 1',
      'routed b.x after 1',
    ])
  })

  describe('waits', () => {
    const alone: Setup = { windows, routes: { default: [{ targets: ['a.x'] }] } }
    const limited = (waitMs: number): Script => [failure('rate-limited', { waitMs })]

    test('a short one is waited out when no other target is left', async () => {
      const { generate, slept } = rig({ 'a.x': [limited(3000), answer('hi')] }, alone)
      const { told: events } = await ask(generate)
      expect(told(events).slice(0, 4)).toEqual([
        'attempt a.x 1',
        'failed a.x 1 rate-limited wait 3000',
        'attempt a.x 2',
        'routed a.x after 2',
      ])
      expect(slept).toEqual([3000])
    })

    test('another target is tried before anything is waited for', async () => {
      const { generate, slept } = rig({ 'a.x': [limited(3000)], 'b.x': [answer('hi')] })
      await ask(generate)
      expect(slept).toEqual([])
    })

    test('the shortest of several is waited for', async () => {
      const { generate, slept, targets } = rig({
        'a.x': [limited(9000)],
        'b.x': [limited(2000), answer('hi')],
        'c.x': [limited(4000)],
      })
      await ask(generate)
      expect(targets.calls).toEqual(['a.x', 'b.x', 'c.x', 'b.x'])
      expect(slept).toEqual([2000])
    })

    test.each([
      ['too long a wait is passed on with its time', limited(10_001), 1],
      ['a wait nobody named is not waited for', [failure('rate-limited', { waitMs: 1000, from: 'none' })] as Script, 1],
      ['three tries at one target', limited(1000), 3],
      ['what the layer below retries is not retried here', [failure('provider-error', { waitMs: 1000 })] as Script, 1],
    ])('%s', async (_, script, calls) => {
      const { generate, targets } = rig({ 'a.x': [script] }, alone)
      const { error } = await ask(generate)
      expect(error!.wait).toBeDefined()
      expect(targets.calls.length).toBe(calls)
    })

    test('none goes past the deadline', async () => {
      const { generate, targets } = rig({ 'a.x': [limited(5000)] }, { ...alone, retry: { deadlineMs: 8000 } })
      await ask(generate)
      expect(targets.calls.length).toBe(2)
    })
  })

  test('nothing new is begun after the deadline', async () => {
    const tenMinutes = async () => {
      clock.now += 600_000
    }
    const { generate, targets, clock } = rig({ 'a.x': [[tenMinutes, failure('timeout')]], 'b.x': [answer('hi')] })
    expect((await ask(generate)).error!.kind).toBe('timeout')
    expect(targets.calls).toEqual(['a.x'])
  })

  test('the deadline ends a target that says nothing, and does not count against it', async () => {
    const hang: Script = [() => new Promise((resolve) => setTimeout(resolve, 40)), chunk(start), ...answer('late')]
    const { generate, health } = rig({ 'a.x': [hang] }, { ...inOrder, retry: { deadlineMs: 5 } })
    const { error } = await ask(generate)
    expect(error).toMatchObject({ kind: 'timeout' })
    expect(error!.message).toContain('retry.deadlineMs')
    expect(health.state({ ...targetOf('a.x') }).state).toBe('healthy')
  })

  test('it does not end an answer that has begun', async () => {
    const slow: Script = [chunk(start, text('a')), () => new Promise((resolve) => setTimeout(resolve, 40)), chunk(end)]
    const { generate } = rig({ 'a.x': [slow] }, { ...inOrder, retry: { deadlineMs: 15 } })
    expect(told((await ask(generate)).told).at(-1)).toBe('response-end')
  })

  test('A9: a client that goes away ends everything at once', async () => {
    const client = new AbortController()
    const { generate, targets, health } = rig({
      'a.x': [[async () => client.abort(), failure('rate-limited')]],
      'b.x': [answer('hi')],
    })
    expect((await ask(generate, client.signal)).error!.kind).toBe('client-gone')
    expect(targets.calls).toEqual(['a.x'])
    expect(health.state(targetOf('a.x')).state).toBe('healthy')
  })

  test('a reader that stops early closes the call', async () => {
    const { generate, targets } = rig({ 'a.x': [answer('hi')] })
    for await (const one of chunksOf(await generate(request(), patient)))
      if (one.events.some(({ type }) => type === 'text-delta')) break
    await vi.waitFor(() => expect(targets.open).toBe(0))
  })

  test('chunks of a relayed answer keep their bytes', async () => {
    const frames = [
      { events: [start, text('x')], wire: Buffer.from('data: 1\n\n') },
      { events: [], wire: Buffer.from('data: 2\n\n') },
      { events: [end], wire: Buffer.from('data: 3\n\n') },
    ]
    const { generate } = rig({ 'a.x': [frames] })
    const seen = []
    for await (const one of chunksOf(await generate(request(), patient))) seen.push(one)
    expect(seen.every((one, index) => one.wire === frames[index]!.wire)).toBe(true)
    expect(seen.length).toBe(3)
  })

  test('A12: a blocked strict target is an explicit error, never a silent substitute', async () => {
    const { generate, targets } = rig({ 'a.x': [answer('hi')] }, { ...inOrder, disabled: ['b'] })
    const { error } = await ask(generate, undefined, request({ model: 'b.x' }))
    expect(error).toMatchObject({ kind: 'no-target', target: 'b.x' })
    expect(error!.message).toContain('disabled')
    expect(targets.calls).toEqual([])
  })

  test('CA10: hardLimit and nothing fits: the numbers, and no call', async () => {
    const { generate, targets } = rig({}, { ...inOrder, hardLimit: true })
    const { error } = await ask(generate, undefined, request({ body: bodyOf(2000) }))
    expect(error).toMatchObject({ kind: 'context-overflow' })
    expect(error!.message).toContain('2000')
    expect(targets.calls).toEqual([])
  })

  test('a target that failed thrice is left alone by the next request', async () => {
    const { generate, targets } = rig({ 'a.x': [[failure('provider-error')]], 'b.x': [answer('hi')] })
    for (let turn = 0; turn < 4; turn += 1) await ask(generate)
    expect(targets.calls).toEqual(['a.x', 'b.x', 'a.x', 'b.x', 'a.x', 'b.x', 'b.x'])
  })
})
