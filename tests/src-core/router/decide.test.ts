import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import { createDecide, type DecideOptions, takeTurns } from '../../../src-core/router/decide.ts'
import { createHealth, type Health } from '../../../src-core/router/health.ts'
import { refusal } from '../../../src-core/router/refusal.ts'
import type { RouteDecision } from '../../../src-core/router/route.ts'
import { bodyOf, failure, listenerFailed, type RequestShape, request, routingView, type Setup, target } from './rig.ts'

interface Case {
  title: string
  setup: Setup
  ask?: RequestShape
  /** Estimated tokens of the body. */
  tokens?: number
  /** Targets that failed before, and how. */
  failed?: Record<string, GatewayError>
  route: string
  order: string[]
  skipped?: string[]
}

const health = (failed: Record<string, GatewayError> = {}): Health => {
  const made = createHealth({
    settings: () => ({ failureThreshold: 1, cooldownMs: 30_000, fatalCooldownMs: 300_000 }),
    now: () => 1000,
    listenerFailed,
  })
  for (const [id, error] of Object.entries(failed)) made.record(target(id), error)
  return made
}

const decider = ({ setup, failed }: Pick<Case, 'setup' | 'failed'>) => {
  const view = routingView(setup)
  return createDecide({ view: () => view, health: health(failed), now: () => 1000 })
}

const ids = ({ order }: RouteDecision): string[] => order.map((candidate) => candidate.target.id)
const pool = (...targets: string[]) => ({ targets })
const down = failure('provider-error')
const windows = { 'p.small': 100, 'p.big': 1000, 'q.huge': 10_000, 'q.*': 10_000 }

const cases: Case[] = [
  // which route
  {
    title: 'default takes what nothing else does',
    setup: { windows, routes: { default: [pool('p.big')], tools: [pool('q.huge')] } },
    route: 'default',
    order: ['p.big'],
  },
  {
    title: 'a rule fires',
    setup: { windows, routes: { default: [pool('p.big')], tools: [pool('q.huge')] } },
    ask: { tools: true },
    route: 'tools',
    order: ['q.huge', 'p.big'],
  },
  {
    title: 'a rule whose route does not exist is passed over for the next that fires',
    setup: { windows, routes: { default: [pool('p.big')], tools: [pool('q.huge')] } },
    ask: { media: true, tools: true },
    route: 'tools',
    order: ['q.huge', 'p.big'],
  },
  {
    title: 'so is one whose only provider is disabled',
    setup: { windows, disabled: ['q'], routes: { default: [pool('p.big')], vision: [pool('q.huge')] } },
    ask: { media: true },
    route: 'default',
    order: ['p.big'],
    skipped: ['q.huge'],
  },
  {
    title: 'a mapping to a route of the user',
    setup: {
      windows,
      mappings: [[['deep', 'route:thinking']]],
      routes: { default: [pool('p.big')], thinking: [pool('q.huge')] },
    },
    ask: { model: 'deep', tools: true },
    route: 'thinking',
    order: ['q.huge', 'p.big'],
  },
  {
    title: 'a mapping to a route that the active group does not have',
    setup: { windows, mappings: [[['deep', 'route:thinking']]], routes: { default: [pool('p.big')] } },
    ask: { model: 'deep' },
    route: 'default',
    order: ['p.big'],
  },
  {
    title: 'CA1: a short prompt stays on the small model',
    setup: { windows, threshold: 50, routes: { default: [pool('p.small')], longcontext: [pool('q.huge')] } },
    tokens: 49,
    route: 'default',
    order: ['p.small', 'q.huge'],
  },
  {
    title: 'CA1: past the threshold it goes to longcontext',
    setup: { windows, threshold: 50, routes: { default: [pool('p.small')], longcontext: [pool('q.huge')] } },
    tokens: 50,
    route: 'longcontext',
    order: ['q.huge', 'p.small'],
  },
  {
    title: 'CA6: a route that overflows gives way to longcontext',
    setup: {
      windows,
      mappings: [[['deep', 'route:thinking']]],
      routes: { thinking: [pool('p.small')], longcontext: [pool('q.huge')], default: [pool('p.big')] },
    },
    ask: { model: 'deep' },
    tokens: 500,
    route: 'longcontext',
    order: ['q.huge', 'p.big', 'p.small'],
  },
  {
    title: 'CA6: and without longcontext to default',
    setup: {
      windows,
      mappings: [[['deep', 'route:thinking']]],
      routes: { thinking: [pool('p.small')], default: [pool('p.big')] },
    },
    ask: { model: 'deep' },
    tokens: 500,
    route: 'default',
    order: ['p.big', 'p.small'],
  },
  {
    title: 'CA7: a mapped route keeps what still fits, threshold or not',
    setup: {
      windows,
      threshold: 50,
      mappings: [[['deep', 'route:thinking']]],
      routes: { thinking: [pool('p.big')], longcontext: [pool('q.huge')] },
    },
    ask: { model: 'deep' },
    tokens: 500,
    route: 'thinking',
    order: ['p.big', 'q.huge'],
  },
  // which target
  {
    title: 'CA3: safe before risky in one pool, whatever the order',
    setup: { windows, routes: { default: [pool('p.small', 'p.big')] } },
    tokens: 95,
    route: 'default',
    order: ['p.big', 'p.small'],
  },
  {
    title: 'CA3: risky when the safe one cools; the cooling one is the last resort',
    setup: { windows, routes: { default: [pool('p.small', 'p.big')] } },
    tokens: 95,
    failed: { 'p.big': failure('rate-limited') },
    route: 'default',
    order: ['p.small', 'p.big'],
  },
  {
    title: 'CA13: safe in a later pool before risky in an earlier',
    setup: { windows, routes: { default: [pool('p.small'), { backup: true, targets: ['p.big'] }] } },
    tokens: 95,
    route: 'default',
    order: ['p.big', 'p.small'],
  },
  {
    title: 'CA4: everything overflows, hardLimit off: the largest is tried first',
    setup: { windows, routes: { default: [pool('p.small', 'p.big')] } },
    tokens: 1500,
    route: 'default',
    order: ['p.big', 'p.small'],
  },
  {
    title: 'CA10: everything overflows, hardLimit on: nothing is called',
    setup: { windows, hardLimit: true, routes: { default: [pool('p.small', 'p.big')] } },
    tokens: 1500,
    route: 'default',
    order: [],
    skipped: ['p.big', 'p.small'],
  },
  {
    title: 'hardLimit never blocks a risky target',
    setup: { windows, hardLimit: true, routes: { default: [pool('p.small')] } },
    tokens: 95,
    route: 'default',
    order: ['p.small'],
  },
  {
    title: 'CA2: the only candidate is tried even while tripped',
    setup: { windows, routes: { default: [pool('p.big')] } },
    failed: { 'p.big': failure('bad-credentials') },
    route: 'default',
    order: ['p.big'],
  },
  {
    title: 'CA5: a cooling longcontext target gives way to default',
    setup: { windows, threshold: 50, routes: { longcontext: [pool('q.huge')], default: [pool('p.big')] } },
    tokens: 60,
    failed: { 'q.huge': failure('rate-limited') },
    route: 'default',
    order: ['p.big', 'q.huge'],
  },
  {
    title: 'of those that rest after hiccups any may be well again: the three likeliest are asked last',
    setup: {
      windows: { 'a.x': 1000, 'b.x': 1000, 'c.x': 1000, 'd.x': 1000, 'e.x': 1000, 'f.x': 1000 },
      routes: { default: [pool('a.x', 'b.x', 'c.x', 'd.x', 'e.x', 'f.x')] },
    },
    failed: {
      'a.x': down,
      'b.x': failure('rate-limited', { waitMs: 5000 }),
      'c.x': failure('timeout'),
      'd.x': down,
      'e.x': down,
    },
    route: 'default',
    order: ['f.x', 'a.x', 'c.x', 'd.x'],
    skipped: ['b.x', 'e.x'],
  },
  {
    title: 'of several that are told to wait one is the last resort, a tripped one none while another is there',
    setup: {
      windows: { 'a.x': 1000, 'b.x': 1000, 'c.x': 1000, 'd.x': 1000 },
      routes: { default: [pool('a.x', 'b.x', 'c.x', 'd.x')] },
    },
    failed: {
      'a.x': failure('bad-credentials'),
      'b.x': failure('rate-limited', { waitMs: 9000 }),
      'c.x': failure('rate-limited', { waitMs: 5000 }),
    },
    route: 'default',
    order: ['d.x', 'c.x'],
    skipped: ['b.x', 'a.x'],
  },
  {
    title: 'A3: the backup pool after all others, also when written first',
    setup: { windows, routes: { default: [{ backup: true, targets: ['q.huge'] }, pool('p.big')] } },
    route: 'default',
    order: ['p.big', 'q.huge'],
  },
  {
    title: 'A3: and first while all others are out',
    setup: { windows, routes: { default: [{ backup: true, targets: ['q.huge'] }, pool('p.big')] } },
    failed: { 'p.big': down },
    route: 'default',
    order: ['q.huge', 'p.big'],
  },
  {
    title: 'the model the client named comes first in its route',
    setup: { windows, routes: { default: [pool('p.small', 'p.big'), pool('q.huge')] } },
    ask: { model: 'huge' },
    route: 'default',
    order: ['q.huge', 'p.small', 'p.big'],
  },
  {
    title: 'provider.* takes the name, in its own place',
    setup: { windows, routes: { default: [pool('p.big', 'q.*')] } },
    ask: { model: 'openai/gpt-5.1' },
    route: 'default',
    order: ['p.big', 'q.openai/gpt-5.1'],
  },
  {
    title: 'the same target in two routes is tried once',
    setup: { windows, routes: { tools: [pool('p.big')], default: [pool('p.big', 'q.huge')] } },
    ask: { tools: true },
    route: 'tools',
    order: ['p.big', 'q.huge'],
  },
  {
    title: 'wished output counts',
    setup: { windows, routes: { default: [pool('p.small', 'p.big')] } },
    ask: { wishedOutputTokens: 99 },
    tokens: 1,
    route: 'default',
    order: ['p.big', 'p.small'],
  },
  // strict
  {
    title: 'a target named outright is alone',
    setup: { windows, routes: { default: [pool('p.big')] } },
    ask: { model: 'q.huge', tools: true },
    route: 'direct',
    order: ['q.huge'],
  },
  {
    title: 'it need not stand in any pool, and every credential of it may answer',
    setup: { windows, credentials: { q: ['work', 'home'] } },
    ask: { model: 'q.huge' },
    route: 'direct',
    order: ['q[work].huge', 'q[home].huge'],
  },
  {
    title: 'a pinned credential is alone',
    setup: { windows, credentials: { q: ['work', 'home'] } },
    ask: { model: 'q[home].huge' },
    route: 'direct',
    order: ['q[home].huge'],
  },
  {
    title: 'A12: blocked, it is not replaced',
    setup: { windows, disabled: ['q'], routes: { default: [pool('p.big')] } },
    ask: { model: 'q.huge' },
    route: 'direct',
    order: [],
    skipped: ['q.huge'],
  },
  {
    title: 'a mapping to provider.model is as strict',
    setup: { windows, mappings: [[['gemini-*', 'q.*']]], disabled: ['q'], routes: { default: [pool('p.big')] } },
    ask: { model: 'gemini-3' },
    route: 'direct',
    order: [],
    skipped: ['q.gemini-3'],
  },
]

describe('decide', () => {
  test.each(cases)('$title', ({ setup, ask, tokens = 10, failed, route, order, skipped = [] }) => {
    const decision = decider({ setup, failed })(request({ ...ask, body: bodyOf(tokens) }))
    expect({ route: decision.route, order: ids(decision), skipped: decision.skipped.map((one) => one.target) }).toEqual(
      {
        route,
        order,
        skipped,
      },
    )
    expect(decision.because.length).toBeGreaterThan(0)
    expect(decision.estimate.tokens).toBe(tokens)
  })

  /** A decision about a request of exactly so many tokens. */
  const decisionAt = (tokens: number, setup: Setup, correction: DecideOptions['correction'] = () => 1) => {
    const view = routingView(setup)
    const parts = { system: 0, tools: 0, history: tokens, media: 0, output: 0 }
    const estimate = () => ({ tokens, parts, exact: 1 })
    return createDecide({ view: () => view, health: health(), now: () => 1000, estimate, correction })(request())
  }

  test.each([
    [179_999, 'default', 'safe', ['p.usual', 'q.long']],
    [180_000, 'longcontext', 'safe', ['q.long', 'p.usual']],
    [199_999, 'longcontext', 'safe', ['q.long', 'p.usual']],
    [200_000, 'longcontext', 'safe', ['q.long', 'p.usual']],
  ])('CA11: %i tokens with the default threshold go to %s', (tokens, route, tier, order) => {
    const routes = { default: [pool('p.usual')], longcontext: [pool('q.long')] }
    const decision = decisionAt(tokens, { windows: { 'p.usual': 200_000, 'q.long': 1_000_000 }, routes })
    expect([decision.route, decision.order[0]!.verdict.tier, ids(decision)]).toEqual([route, tier, order])
  })

  test.each([
    [179_999, 'safe'],
    [180_000, 'risky'],
    [199_999, 'risky'],
    [200_000, 'overflow'],
  ])('CA11: %i tokens for the default window of 200,000 are %s', (tokens, tier) => {
    const decision = decisionAt(tokens, { windows: { 'p.usual': 200_000 }, routes: { default: [pool('p.usual')] } })
    expect(decision.order[0]!.verdict.tier).toBe(tier)
    expect(decision.estimate).toMatchObject({ tokens, parts: { history: tokens } })
  })

  test('each target is judged by its own way of counting', () => {
    const setup = { windows: { 'p.a': 1000, 'p.b': 1000 }, routes: { default: [pool('p.a', 'p.b')] } }
    const decision = decisionAt(800, setup, ({ id }) => (id === 'p.a' ? 1.3 : 1))
    expect(decision.order.map(({ target, verdict }) => [target.id, verdict.tier, verdict.needed])).toEqual([
      ['p.b', 'safe', 800],
      ['p.a', 'overflow', 1040],
    ])
    expect(decision.estimate.tokens).toBe(800)
  })

  test('asking takes nobody’s turn; calling does', () => {
    const decide = decider({
      setup: { windows, routes: { default: [{ strategy: 'round-robin', targets: ['p.big', 'q.huge'] }] } },
    })
    const first = decide(request())
    expect(ids(decide(request()))).toEqual(ids(first))
    takeTurns(first)
    expect(ids(decide(request()))).toEqual(['q.huge', 'p.big'])
  })

  test('long and short requests in turn do not starve a member of the pool', () => {
    const decide = decider({
      setup: { windows, routes: { default: [{ strategy: 'round-robin', targets: ['p.big', 'p.small'] }] } },
    })
    const led: string[] = []
    for (let turn = 0; turn < 8; turn += 1) {
      const decision = decide(request({ body: bodyOf(turn % 2 === 0 ? 500 : 10) }))
      takeTurns(decision)
      if (turn % 2 === 1) led.push(ids(decision)[0]!)
    }
    expect(new Set(led)).toEqual(new Set(['p.big', 'p.small']))
  })

  test('credentials of a strict target take turns', () => {
    const decide = decider({ setup: { windows, credentials: { q: ['work', 'home'] } } })
    const led = [1, 2, 3].map(() => {
      const decision = decide(request({ model: 'q.huge' }))
      takeTurns(decision)
      return ids(decision)[0]
    })
    expect(led).toEqual(['q[work].huge', 'q[home].huge', 'q[work].huge'])
  })

  test('the reasons say why a route was left and who rests', () => {
    const decision = decider({
      setup: { windows, routes: { tools: [pool('p.small')], default: [pool('p.big', 'q.huge')] } },
      failed: { 'p.big': failure('rate-limited', { waitMs: 4000 }), 'q.huge': failure('permission') },
    })(request({ tools: true, body: bodyOf(150) }))
    expect(decision.because).toEqual([
      'tools are declared',
      'nothing in route tools can take it now',
      'the only candidate left',
    ])
    expect(decision.skipped).toEqual([{ target: 'q.huge', because: 'tripped for another 300 s after permission' }])
  })

  test('a new revision is a new decision', () => {
    let view = routingView({ windows, routes: { default: [pool('p.big')] } })
    const decide = createDecide({ view: () => view, health: health(), now: () => 0 })
    expect(ids(decide(request()))).toEqual(['p.big'])
    view = routingView({ windows, routes: { default: [pool('q.huge')] } })
    expect(ids(decide(request()))).toEqual(['q.huge'])
  })
})

describe('refusal', () => {
  const words: [string, Setup, RequestShape, number, GatewayError['kind'], RegExp][] = [
    [
      'nothing configured',
      { group: 'azure' },
      {},
      10,
      'no-target',
      /^No target can take this request: route default of group azure has none\. Add one to virtualrouter\.routingGroups\.azure\.routing\.default in the config\.$/,
    ],
    [
      'everything disabled',
      { windows, disabled: ['p'], routes: { default: [pool('p.big')] } },
      {},
      10,
      'no-target',
      /p\.big: provider p is disabled.*virtualrouter\.routing\.default/,
    ],
    [
      'a strict target nobody knows',
      { windows },
      { model: 'p.nope' },
      10,
      'no-target',
      /^p\.nope cannot be called: .*not configured; add it/,
    ],
    [
      'too long',
      { windows, hardLimit: true, routes: { default: [pool('p.small', 'p.big')] } },
      {},
      1500,
      'context-overflow',
      /about 1500 tokens, its window holds 1000 \(p\.big/,
    ],
    [
      'too long for a strict target',
      { windows, hardLimit: true },
      { model: 'p.small' },
      150,
      'context-overflow',
      /holds 100 \(p\.small/,
    ],
  ]
  test.each(words)('%s', (_, setup, ask, tokens, kind, message) => {
    const decision = decider({ setup })(request({ ...ask, body: bodyOf(tokens) }))
    const error = refusal(decision, setup.group ?? 'default')
    expect(error).toBeInstanceOf(GatewayError)
    expect(error.kind).toBe(kind)
    expect(error.message).toMatch(message)
  })
})
