import { setImmediate as endOfTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { clientGone, GatewayError } from '../../../src-core/model/error.ts'
import type { Note, StreamChunk, StreamEvent } from '../../../src-core/model/event.ts'
import type { Generate } from '../../../src-core/model/generate.ts'
import { exchangeAttributes } from '../../../src-core/observe/exchange-attributes.ts'
import { createExchangeLog, type ExchangePush } from '../../../src-core/observe/exchanges.ts'
import { type Step as AnswerStep, chunksOf, hear, patient, playAnswer } from '../../helpers/answer-steps.ts'
import { request } from '../router/rig.ts'

const start: StreamEvent = { type: 'response-start', id: 'r', model: 'm' }
const text: StreamEvent = { type: 'text-delta', text: 'hi' }
const end: StreamEvent = { type: 'response-end', reason: { unified: 'stop' } }
const usage: StreamEvent = { type: 'usage', usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 } }
const note = (remark: Note): { note: Note } => ({ note: remark })
const attempt = (target: string, number = 1): { note: Note } => note({ type: 'attempt', target, attempt: number })
const limited = new GatewayError('rate-limited', 'Too many requests at a.x.', { providerStatus: 429 })
const failed = (target: string, number = 1, waitMs?: number): { note: Note } =>
  note({ type: 'attempt-failed', target, attempt: number, error: limited, waitMs })
const routed = (target: string, attempts: number): { note: Note } =>
  note({
    type: 'routed',
    decision: {
      route: 'tools',
      because: ['tools are declared'],
      target,
      model: 'x',
      attempts,
      ratio: 0.42,
      context: 'safe',
    },
  })

type Step = StreamEvent | AnswerStep | number

/** Plays steps: a number lets that many milliseconds pass. */
function rig(steps: Step[], options: { capacity?: number } = {}) {
  const clock = { now: 1000 }
  const faults: unknown[] = []
  const log = createExchangeLog({
    ...options,
    now: () => clock.now,
    listenerFailed: (thrown) => void faults.push(thrown),
  })
  const played = async function* (): AsyncGenerator<AnswerStep> {
    for (const step of steps) {
      if (typeof step === 'number') clock.now += step
      else yield typeof step === 'object' && 'type' in step ? { events: [step] } : step
    }
  }
  const play: Generate = (_request, caller) => playAnswer(played(), caller)
  const generate = log.withExchangeLog(play)
  let ids = 0
  const run = async (
    asked = request({ id: `x${++ids}`, model: 'gemini-3', body: Buffer.alloc(40) }),
  ): Promise<unknown> => {
    const { error } = await hear((caller) => generate(asked, caller))
    await endOfTurn()
    return error
  }
  return { log, run, generate, clock, faults }
}

describe('exchanges', () => {
  test('an answer, from the notes alone', async () => {
    const { log, run } = rig([attempt('a.x'), 5, routed('a.x', 1), start, text, 20, usage, end])
    await run()
    expect(log.list()).toEqual([
      {
        id: 'x1',
        startedAt: 1000,
        state: 'ended',
        protocol: 'openai-chat',
        clientModel: 'gemini-3',
        stream: true,
        requestBytes: 40,
        relayedBytes: 0,
        route: 'tools',
        because: ['tools are declared'],
        target: 'a.x',
        model: 'x',
        context: { tier: 'safe', ratio: 0.42 },
        attempts: [{ target: 'a.x', attempt: 1, startedAt: 1000, outcome: 'ok', durationMs: 25 }],
        skipped: [],
        dropped: [],
        status: 200,
        finishReason: 'stop',
        usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15 },
        firstContentMs: 5,
        durationMs: 25,
      },
    ])
  })

  test('every attempt is there, retries too', async () => {
    const { log, run } = rig([
      attempt('a.x'),
      10,
      failed('a.x', 1, 500),
      500,
      attempt('a.x', 2),
      30,
      failed('a.x', 2),
      attempt('b.x'),
      7,
      failed('b.x', 1, 100),
      100,
      attempt('b.x', 2),
      9,
      routed('b.x', 4),
      text,
      end,
    ])
    await run()
    const { attempts } = log.list()[0]!
    expect(attempts.map((one) => [one.target, one.attempt, one.outcome, one.startedAt - 1000, one.durationMs])).toEqual(
      [
        ['a.x', 1, 'failed', 0, 10],
        ['a.x', 2, 'failed', 510, 30],
        ['b.x', 1, 'failed', 540, 7],
        ['b.x', 2, 'ok', 647, 9],
      ],
    )
    expect(attempts[0]).toMatchObject({
      waitMs: 500,
      error: { kind: 'rate-limited', message: 'Too many requests at a.x.', providerStatus: 429 },
    })
  })

  test('a target that was chosen but not called is no attempt', async () => {
    const unsupported = new GatewayError('unsupported', 'a.x takes no videos.')
    const skip = note({ type: 'skipped', target: 'a.x', error: unsupported })
    const { log, run } = rig([skip, attempt('b.x'), routed('b.x', 1), text, end])
    await run()
    const [exchange] = log.list()
    expect(exchange!.attempts.map(({ target }) => target)).toEqual(['b.x'])
    expect(exchange!.skipped).toEqual([{ target: 'a.x', kind: 'unsupported', because: 'a.x takes no videos.' }])
    expect(exchangeAttributes(exchange!)).toMatchObject({ 'patchbay.skipped': ['a.x unsupported'] })
  })

  test('searches are kept with their engines; the log tells of them without the query', async () => {
    const failure = { kind: 'timeout' as const, message: 'glm did not answer within 3 s.' }
    const tries = [
      { engine: 'glm', ms: 3000, hits: 0, failure },
      { engine: 'brave', ms: 200, hits: 7 },
    ]
    const search = {
      query: `node ${'x'.repeat(300)}`,
      engine: 'brave',
      because: 'it is first',
      tries,
      ms: 3200,
      hits: 7,
    }
    const offered = note({ type: 'search-offered', because: 'the user asks for the web' })
    const { log, run } = rig([offered, attempt('a.x'), note({ type: 'searched', search }), routed('a.x', 1), text, end])
    await run()
    const [exchange] = log.list()
    expect(exchange!.webSearch).toMatchObject({
      because: 'the user asks for the web',
      searches: [{ engine: 'brave', hits: 7, tries: [{ failure }, {}] }],
    })
    expect(exchange!.webSearch!.searches[0]!.query).toHaveLength(200)
    const attributes = exchangeAttributes(exchange!)
    expect(attributes).toMatchObject({ 'patchbay.searches': ['glm timeout, brave 7 hits in 3200 ms'] })
    expect(JSON.stringify(attributes)).not.toContain('node xxx')
  })

  test('a failure before content has its own status', async () => {
    const { log, run } = rig([attempt('a.x'), failed('a.x'), routed('a.x', 1), limited])
    expect(await run()).toBe(limited)
    expect(log.list()[0]).toMatchObject({ status: 429, error: { kind: 'rate-limited' }, target: 'a.x', state: 'ended' })
    expect(log.list()[0]!.attempts.length).toBe(1)
  })

  test('a failure after content is a 200 with an error', async () => {
    const broken = new GatewayError('stream-broken', 'It broke.')
    const { log, run } = rig([attempt('a.x'), routed('a.x', 1), text, { type: 'error', error: broken }])
    await run()
    expect(log.list()[0]).toMatchObject({ status: 200, error: { kind: 'stream-broken' } })
    expect(log.list()[0]!.attempts[0]!.outcome).toBe('failed')
  })

  test('what we did not foresee is ours', async () => {
    const { log, run } = rig([new TypeError('oops')])
    await run()
    expect(log.list()[0]).toMatchObject({ status: 500, error: { kind: 'internal' } })
    expect(log.list()[0]!.error!.message).not.toContain('oops')
  })

  test('a reader that leaves after content has had its 200, and the attempt is nobody’s fault', async () => {
    const { log, generate } = rig([attempt('a.x'), start, text, text, end])
    for await (const _ of chunksOf(await generate(request(), patient))) break
    await endOfTurn()
    expect(log.list()[0]).toMatchObject({ status: 200, error: { kind: 'client-gone' } })
    expect(log.list()[0]!.attempts[0]!.outcome).toBe('abandoned')
    expect(log.open()).toBe(0)
  })

  test('one that leaves before content: 499, and the attempt is nobody’s fault', async () => {
    const { log, run } = rig([attempt('a.x'), clientGone()])
    await run()
    expect(log.list()[0]).toMatchObject({ status: 499, error: { kind: 'client-gone' } })
    expect(log.list()[0]!.attempts[0]!.outcome).toBe('abandoned')
    expect(log.open()).toBe(0)
  })

  test('one that leaves after the end has had its answer', async () => {
    const { log, generate } = rig([text, end, usage])
    for await (const { events } of chunksOf(await generate(request(), patient))) if (events[0] === end) break
    await endOfTurn()
    expect(log.list()[0]).toMatchObject({ status: 200, finishReason: 'stop' })
    expect(log.list()[0]!.error).toBeUndefined()
  })

  test('relayed chunks pass as they are and are counted in bytes', async () => {
    const frame = { events: [text], wire: Buffer.from('data: {}\n\n') }
    const { log, generate } = rig([frame, { ...frame, events: [] }, end])
    const seen: StreamChunk[] = []
    for await (const chunk of chunksOf(await generate(request(), patient))) seen.push(chunk)
    expect(seen[0]).toBe(frame)
    expect(log.list()[0]!.relayedBytes).toBe(20)
  })

  test('only the last ones are kept, the latest first', async () => {
    const { log, run } = rig([text, end], { capacity: 3 })
    for (let turn = 0; turn < 5; turn += 1) await run()
    expect(log.list().map(({ id }) => id)).toEqual(['x5', 'x4', 'x3'])
    expect(log.get('x4')!.id).toBe('x4')
    expect(log.get('x1')).toBeUndefined()
  })

  test('listeners hear each step; one that throws harms nobody', async () => {
    const { log, run, faults } = rig([attempt('a.x'), failed('a.x'), attempt('b.x'), routed('b.x', 2), text, end])
    const pushes: ExchangePush['type'][] = []
    const oops = new Error('oops')
    const stopThrowing = log.subscribe(() => {
      throw oops
    })
    const stop = log.subscribe(({ type }) => void pushes.push(type))
    await run()
    expect(pushes).toEqual(['started', 'attempt', 'attempt', 'attempt', 'ended'])
    expect(faults).toEqual([oops, oops, oops, oops, oops])
    stop()
    stopThrowing()
    await run()
    expect(pushes.length).toBe(5)
  })

  test('as attributes it speaks the GenAI conventions', async () => {
    const { log, run } = rig([attempt('a.x'), failed('a.x'), attempt('b.x'), routed('b.x', 2), text, usage, end])
    await run()
    expect(exchangeAttributes(log.list()[0]!)).toMatchObject({
      'gen_ai.request.model': 'gemini-3',
      'gen_ai.response.model': 'x',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
      'gen_ai.response.finish_reasons': ['stop'],
      'http.response.status_code': 200,
      'patchbay.attempts': ['a.x rate-limited', 'b.x ok'],
      'patchbay.context': 'safe 0.42',
    })
  })
})
