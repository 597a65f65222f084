import { describe, expect, test, vi } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { Health } from '../../../src-core/router/health.ts'
import { withHealth } from '../../../src-core/router/with-health.ts'
import { chunksOf, hear, patient } from '../../helpers/answer-steps.ts'
import { answer, chunk, end, failure, request, type Script, scripted, start, target, text } from './rig.ts'

function recorder(): Pick<Health, 'record'> & { told: string[] } {
  const told: string[] = []
  return {
    told,
    record: ({ id }, outcome) => void told.push(`${id} ${outcome === 'ok' ? 'ok' : outcome.kind}`),
  }
}

const now = () => 0
const broken = failure('stream-broken')

const cases: [string, Script, string[]][] = [
  ['an answer', answer('hi'), ['p.a ok']],
  ['a failure before content', [failure('rate-limited')], ['p.a rate-limited']],
  [
    'a failure after content',
    [chunk(start, text('hi')), chunk({ type: 'error', error: broken })],
    ['p.a stream-broken'],
  ],
  ['told twice, counted once', [chunk({ type: 'error', error: broken }), broken], ['p.a stream-broken']],
  [
    'an end after an error closes nothing',
    [chunk({ type: 'error', error: broken }), chunk(end)],
    ['p.a stream-broken'],
  ],
  ['something we did not foresee is ours', [new TypeError('oops')], ['p.a internal']],
]

describe('with-health', () => {
  test.each(cases)('%s', async (_, script, told) => {
    const health = recorder()
    const call = withHealth(scripted({ 'p.a': [script] }), health, now)
    await hear((caller) => call(target('p.a'), request(), caller))
    expect(health.told).toEqual(told)
  })

  test('a client that goes away harms nobody', async () => {
    const health = recorder()
    const client = new AbortController()
    const script: Script = [chunk(start, text('hi')), async () => client.abort(), chunk(end)]
    const call = withHealth(scripted({ 'p.a': [script] }), health, now)
    const { error } = await hear((caller) => call(target('p.a'), request(), caller), client.signal)
    expect(error).toBeInstanceOf(GatewayError)
    expect(health.told).toEqual([])
  })

  test('a reader that stops early closes the call and says nothing', async () => {
    const health = recorder()
    const played = scripted({ 'p.a': [answer('hi')] })
    for await (const _ of chunksOf(await withHealth(played, health, now)(target('p.a'), request(), patient))) break
    await vi.waitFor(() => expect(played.open).toBe(0))
    expect(health.told).toEqual([])
  })
})
