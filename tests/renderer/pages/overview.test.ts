import { describe, expect, test } from 'vitest'
import type { ExchangeSummary } from '../../../renderer/exchange-ring.ts'
import { byMinute, figuresOf } from '../../../renderer/pages/overview/figures.ts'
import { nextSteps } from '../../../renderer/pages/overview/next-steps.ts'
import { hanging, layoutPatchbay, rowHeight } from '../../../renderer/pages/overview/patchbay-layout.ts'
import { type PatchbaySources, viewPatchbay } from '../../../renderer/pages/overview/patchbay-view.ts'
import { configSchema } from '../../../src-core/config/schema.ts'
import type { StateView } from '../../../src-core/control/contract.ts'

const now = 1_700_000_000_000

const exchange = (more: Partial<ExchangeSummary>): ExchangeSummary => ({
  id: Math.random().toString(36),
  startedAt: now - 1000,
  state: 'ended',
  protocol: 'gemini-chat',
  clientModel: 'any',
  stream: false,
  requestBytes: 1,
  relayedBytes: 0,
  because: [],
  calls: 1,
  route: 'default',
  target: 'north.a',
  ...more,
})

const value = configSchema.parse({
  virtualrouter: {
    providers: { north: { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1' } },
    routing: { default: [{ targets: ['north.a', 'north.b'] }], longcontext: [{ targets: ['north.b'] }] },
    routingGroups: { away: { routing: { default: [{ targets: ['north.*'] }] } } },
  },
})

const state = { activeGroup: 'default', providers: [{ id: 'north', enabled: true }] } as StateView

const sources = (exchanges: ExchangeSummary[], activeGroup = 'default'): PatchbaySources => ({
  config: { value } as PatchbaySources['config'],
  state: { ...state, activeGroup },
  health: { targets: [{ target: 'north.a', state: 'healthy', since: 0, until: 0 }], credentials: [] },
  exchanges,
  now,
})

describe('what the patchbay shows', () => {
  test('the routes and targets of the group in force, first ones plugged, others spare', () => {
    const { routes, targets, cables } = viewPatchbay(sources([]))
    expect(routes.map(({ id, targets: own }) => [id, own])).toEqual([
      ['default', ['north.a', 'north.b']],
      ['longcontext', ['north.b']],
    ])
    expect(targets.map(({ id, state: own, firstFor }) => [id, own, firstFor])).toEqual([
      ['north.a', 'healthy', ['default']],
      ['north.b', 'unknown', ['longcontext']],
    ])
    expect(cables.filter(({ side }) => side === 'target').map(({ from, to, kind }) => [from, to, kind])).toEqual([
      ['default', 'north.a', 'first'],
      ['default', 'north.b', 'spare'],
      ['longcontext', 'north.b', 'first'],
    ])
  })

  test('traffic of five minutes and what is open, whenever it began', () => {
    const long = { startedAt: now - 900_000 }
    const { cables, targets } = viewPatchbay(
      sources([
        exchange({ context: { tier: 'safe', ratio: 0.4 } }),
        exchange({ ...long, state: 'open' }),
        exchange(long),
      ]),
    )
    const { requests, open } = cables.find(({ from, to }) => from === 'default' && to === 'north.a')!
    expect({ requests, open }).toEqual({ requests: 2, open: 1 })
    expect(targets[0]).toMatchObject({ requests: 2, open: 1, fullest: 0.4 })
  })

  test('a target no route names is shown once it has answered', () => {
    const { targets, cables } = viewPatchbay(sources([exchange({ target: 'south.x' })]))
    expect(targets.at(-1)).toMatchObject({ id: 'south.x', requests: 1 })
    expect(cables.find(({ to }) => to === 'south.x')).toMatchObject({ from: 'default', kind: 'seen' })
  })

  test('a wildcard stands for what it answered as', () => {
    const { targets } = viewPatchbay(sources([exchange({ target: 'north.q' })], 'away'))
    expect(targets.map(({ id, requests }) => [id, requests])).toEqual([['north.*', 1]])
  })
})

describe('where it is drawn', () => {
  test('jacks one below the other, cables from rim to rim, the busiest thickest and on top', () => {
    const { height, y, cables } = layoutPatchbay(viewPatchbay(sources([exchange({}), exchange({})])))
    expect(height).toBe(2 * rowHeight)
    expect(y.route).toEqual({ default: rowHeight / 2, longcontext: 1.5 * rowHeight })
    expect(cables.at(-1)).toMatchObject({ width: 6, requests: 2 })
    expect(cables[0]!.width).toBe(1.5)
    expect(cables.find(({ to }) => to === 'north.a')!.path).toMatch(/^M55 25C.* 70 25$/)
  })

  test('a cable leaves and enters level', () => {
    expect(hanging({ x: 0, y: 10 }, { x: 20, y: 60 })).toBe('M0 10C9 10 11 60 20 60')
  })
})

describe('figures', () => {
  test('a client that left is no error, and what is older does not count', () => {
    const figures = figuresOf(
      [
        exchange({ firstContentMs: 100, usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15 } }),
        exchange({ firstContentMs: 900, error: { kind: 'timeout', message: '' } }),
        exchange({ error: { kind: 'client-gone', message: '' } }),
        exchange({ startedAt: now - 999_999 }),
      ],
      now - 300_000,
    )
    expect(figures).toEqual({ requests: 3, errors: 1, inputTokens: 10, outputTokens: 5, first: { p50: 900, p95: 900 } })
  })

  test('by minute, the running one last', () => {
    const minute = Math.floor(now / 60_000) * 60
    const [seconds, requests, waits] = byMinute(
      [exchange({ firstContentMs: 80 }), exchange({ startedAt: now - 60_000 })],
      now,
      3,
    )
    expect(seconds).toEqual([minute - 120, minute - 60, minute])
    expect(requests).toEqual([0, 1, 1])
    expect(waits).toEqual([null, null, 80])
  })
})

describe('what to do next', () => {
  const demo = { id: 'demo', profile: 'demo', enabled: true, noCredential: [] }
  const north = { id: 'north', profile: 'litellm', enabled: true, noCredential: [] }
  const steps = (providers: object[], used: boolean) =>
    nextSteps({ state: { providers } as unknown as StateView, health: undefined, used }).map(({ step }) => step)

  test.each([
    ['only the demo, never used', [demo], false, ['add-backend', 'connect-client']],
    ['a backend, never used', [north], false, ['connect-client']],
    [
      'a backend without its key',
      [{ ...north, noCredential: [{ alias: 'default', because: 'NORTH_KEY is not set' }] }],
      true,
      ['mend-key'],
    ],
    ['all is well', [north], true, []],
  ])('%s', (_what, providers, used, expected) => expect(steps(providers, used)).toEqual(expected))
})
