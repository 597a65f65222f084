import { setImmediate as endOfTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Decision } from '../../../src-core/model/decision.ts'
import { GatewayError } from '../../../src-core/model/error.ts'
import { viewExchange } from '../../../src-core/observe/exchange-view.ts'
import { createExchangeLog } from '../../../src-core/observe/exchanges.ts'
import { hear, playAnswer, type Step } from '../../helpers/answer-steps.ts'
import { request, target } from '../router/rig.ts'

const parts = { system: 1, tools: 2, history: 3, media: 4, output: 5 }

function decision(targets: number, skipped: number): Decision {
  return {
    route: 'tools',
    because: ['tools are declared'],
    traits: request().traits,
    estimate: { tokens: 10, parts, exact: 0 },
    order: Array.from({ length: targets }, (_, at) => ({
      target: target(`a.m${at}`),
      route: 'tools',
      verdict: { tier: 'safe', ratio: 0.1, limit: 100 },
    })),
    skipped: Array.from({ length: skipped }, (_, at) => ({ target: `b.m${at}`, because: 'switched off' })),
  }
}

async function record(...steps: Step[]) {
  const log = createExchangeLog({ now: () => 1, listenerFailed: () => {} })
  const generate = log.withExchangeLog((_request, caller) => playAnswer(steps, caller))
  await hear((caller) => generate(request(), caller))
  await endOfTurn()
  return { exchange: log.list()[0]!, view: viewExchange(log.list()[0]!, (text) => text) }
}

function attempt(of: Decision): Step {
  const route = { route: of.route, because: [], target: 'a.m0', model: 'm0', attempts: 1, context: 'safe' as const }
  return { note: { type: 'attempt', target: 'a.m0', attempt: 1, route: { ...route, decision: of } } }
}

const end: Step = { events: [{ type: 'response-end', reason: { unified: 'stop' } }] }

test('a record tells all that was weighed, as explainRoute does', async () => {
  const { exchange, view } = await record(attempt(decision(2, 1)), end)
  expect(view.explanation).toEqual({
    route: 'tools',
    because: ['tools are declared'],
    traits: { bytes: 2, tools: false, media: false },
    estimate: { tokens: 10, parts, exact: 0 },
    order: [
      { target: 'a.m0', route: 'tools', verdict: 'safe', ratio: 0.1, limit: 100, limitFrom: 'config' },
      { target: 'a.m1', route: 'tools', verdict: 'safe', ratio: 0.1, limit: 100, limitFrom: 'config' },
    ],
    skipped: [{ target: 'b.m0', because: 'switched off' }],
  })
  expect(view.estimatedTokens).toBe(10)
  expect(exchange.leftOut).toBeUndefined()
})

test('a refused request says why each target was skipped', async () => {
  const refusal = new GatewayError('no-target', 'No target can take this request.')
  const { view } = await record({ note: { type: 'decided', decision: decision(0, 2) } }, refusal)
  expect(view).toMatchObject({
    route: 'tools',
    status: 400,
    explanation: { order: [], skipped: [{ target: 'b.m0' }, { target: 'b.m1' }] },
  })
})

test('of a long decision twenty of each are kept, and the rest is counted', async () => {
  const { exchange, view } = await record(attempt(decision(200, 30)), end)
  expect(exchange.decision!.order).toHaveLength(20)
  expect(view.explanation!.skipped).toHaveLength(20)
  expect(view.leftOut).toEqual({ order: 180, skipped: 10 })
})

test('an estimate that reads the request when asked holds on to it no longer than the exchange', async () => {
  const asked: string[] = []
  const lazy = {
    ...decision(1, 0),
    estimate: {
      tokens: 10,
      exact: 0,
      get parts() {
        asked.push('parts')
        return parts
      },
    },
  }
  const { exchange, view } = await record(attempt(lazy), end)
  expect(exchange.decision === lazy).toBe(false)
  expect(Object.getOwnPropertyDescriptor(exchange.decision!.estimate, 'parts')).toHaveProperty('value', parts)
  expect(view.explanation!.estimate.parts).toEqual(parts)
  expect(asked).toEqual(['parts'])
})
