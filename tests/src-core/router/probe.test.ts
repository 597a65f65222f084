import { describe, expect, test } from 'vitest'
import type { Conversation } from '../../../src-core/model/request.ts'
import { createProbe } from '../../../src-core/router/probe.ts'
import { withHealth } from '../../../src-core/router/with-health.ts'
import { answer, chunk, end, failure, type Script, scripted, start, target } from './rig.ts'

function rig(script: Script) {
  const told: unknown[] = []
  const record = (_: unknown, outcome: unknown) => void told.push(outcome)
  const clock = { now: 0 }
  const now = () => clock.now
  const played = scripted({ 'p.a': [script] })
  const probe = createProbe({ callTarget: withHealth(played, { record }, now), now, deadlineMs: 20 })
  return { told, clock, probe, played }
}

const never = new AbortController().signal
const busy = failure('rate-limited')

describe('probe', () => {
  test('an answer, and health hears of it', async () => {
    const fortyLater = async () => {
      clock.now += 40
    }
    const { probe, told, clock } = rig([fortyLater, ...answer('h')])
    expect(await probe(target('p.a'), never)).toEqual({ ok: true, ms: 40 })
    expect(told).toEqual(['ok'])
  })

  test('an answer cut off after its only token is one', async () => {
    const { probe, told } = rig([chunk(start), chunk({ type: 'response-end', reason: { unified: 'length' } })])
    expect(await probe(target('p.a'), never)).toMatchObject({ ok: true })
    expect(told).toEqual(['ok'])
  })

  test.each<[string, Script]>([
    ['thrown', [busy]],
    ['after content', [chunk(start), chunk({ type: 'error', error: busy })]],
  ])('a failure %s', async (_, script) => {
    const { probe, told } = rig(script)
    expect(await probe(target('p.a'), never)).toEqual({ ok: false, error: busy })
    expect(told).toEqual([busy])
  })

  test('silence ends at its own deadline and counts against nobody', async () => {
    const { probe, told, played } = rig([() => new Promise((resolve) => setTimeout(resolve, 60)), ...answer('late')])
    const result = await probe(target('p.a'), never)
    expect(result).toMatchObject({ ok: false, error: { kind: 'timeout', target: 'p.a' } })
    expect(told).toEqual([])
    expect(played.open).toBe(0)
  })

  test('asks for a single token, and for a few of a model that has to think', async () => {
    const asked: Conversation[] = []
    const probe = createProbe({
      now: () => 0,
      async callTarget(_to, request) {
        asked.push(await request.conversation())
        return { first: chunk(end) }
      },
    })
    const plain = target('p.a')
    await probe(plain, never)
    await probe({ ...plain, dialect: { ...plain.dialect, reasoningModel: true } }, never)
    expect(asked.map(({ generation }) => generation.maxOutputTokens)).toEqual([1, 16])
  })
})
