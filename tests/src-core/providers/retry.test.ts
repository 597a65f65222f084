import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consequences, type ErrorKind, GatewayError } from '../../../src-core/model/error.ts'
import type { Note } from '../../../src-core/model/event.ts'
import { type FailedTry, nextTry, sleep, withRetry } from '../../../src-core/providers/retry.ts'

const settings = { attempts: 3, deadlineMs: 600_000, maxWaitMs: 10_000 }

function failed(kind: ErrorKind, more: Partial<FailedTry> & { waitMs?: number } = {}): FailedTry {
  const { waitMs, ...rest } = more
  const wait = waitMs === undefined ? undefined : { ms: waitMs, from: 'retry-after' }
  const error = new GatewayError(kind, 'words', { wait })
  const now = more.now ?? 0
  return { error, attempt: 1, startedAt: 0, triedAt: now, now, random: 1, settings, ...rest }
}

describe('the next try', () => {
  test.each([
    ['first backoff', failed('provider-error'), 500],
    ['it doubles', failed('provider-error', { attempt: 2 }), 1000],
    ['half is chance', failed('provider-error', { random: 0 }), 250],
    ['it ends at 8 s', failed('timeout', { attempt: 9, settings: { ...settings, attempts: 20 } }), 8000],
    ['a wait that was asked for counts from below', failed('provider-error', { waitMs: 3000, random: 0 }), 3000],
    ['and is spread a little', failed('provider-error', { waitMs: 3000, random: 1 }), 3250],
    ['after a slow one too, when there is time', failed('timeout', { triedAt: 0, now: 150_000 }), 500],
  ])('%s', (_name, given, wait) => expect(nextTry(given)).toEqual({ wait }))

  test.each([
    ['attempts used up', failed('provider-error', { attempt: 3 })],
    ['one attempt only', failed('provider-error', { settings: { ...settings, attempts: 1 } })],
    ['a wait longer than allowed', failed('provider-error', { waitMs: 10_001 })],
    ['past the deadline', failed('provider-error', { now: 600_000 })],
    ['the wait would end past it', failed('provider-error', { now: 599_600 })],
    ['a try that took more than a quarter of the time', failed('timeout', { triedAt: 0, now: 150_001 })],
    ['a limit: whoever knows the other targets waits it out', failed('rate-limited', { waitMs: 2000 })],
  ])('none: %s', (_name, given) => expect(nextTry(given)).toHaveProperty('stop'))

  test.each(Object.keys(consequences) as ErrorKind[])('%s as its consequence says', (kind) => {
    expect('wait' in nextTry(failed(kind))).toBe(consequences[kind].retrySame)
  })

  test('never sooner than asked, never later than allowed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
        fc.integer({ min: 0, max: 700_000 }),
        (attempt, random, waitMs, now) => {
          const next = nextTry(
            failed('provider-error', { attempt, random, waitMs, now, settings: { ...settings, attempts: 99 } }),
          )
          if (!('wait' in next)) return
          expect(next.wait).toBeGreaterThanOrEqual(waitMs ?? 0)
          expect(next.wait).toBeLessThanOrEqual(Math.max(8000, (waitMs ?? 0) + 4000))
          expect(now + next.wait).toBeLessThan(settings.deadlineMs)
        },
      ),
    )
  })
})

describe('the loop', () => {
  async function tries(outcomes: (string | GatewayError)[], more: { signal?: AbortSignal; onSleep?: () => void } = {}) {
    let time = 0
    const slept: number[] = []
    const notes: Note[] = []
    let made = 0
    try {
      const result = await withRetry({
        target: 'p.m',
        settings,
        caller: { signal: more.signal ?? new AbortController().signal, note: (note) => void notes.push(note) },
        run: async (sent) => {
          sent()
          const outcome = outcomes[made++]!
          if (outcome instanceof GatewayError) throw outcome
          return outcome
        },
        clock: {
          now: () => time,
          random: () => 1,
          sleep: async (ms) => {
            time += ms
            slept.push(ms)
            more.onSleep?.()
          },
        },
      })
      return { result, slept, notes }
    } catch (error) {
      return { error, slept, notes }
    }
  }
  const broken = new GatewayError('provider-error', 'broken')

  test('A5: gives the first success, with a note for every attempt', async () => {
    const { result, slept, notes } = await tries([broken, broken, 'fine'])
    expect(result).toBe('fine')
    expect(slept).toEqual([500, 1000])
    expect(notes).toEqual([
      { type: 'attempt', target: 'p.m', attempt: 1 },
      { type: 'attempt-failed', target: 'p.m', attempt: 1, error: broken, waitMs: 500 },
      { type: 'attempt', target: 'p.m', attempt: 2 },
      { type: 'attempt-failed', target: 'p.m', attempt: 2, error: broken, waitMs: 1000 },
      { type: 'attempt', target: 'p.m', attempt: 3 },
    ])
  })

  test('what was never sent is no attempt', async () => {
    const notes: Note[] = []
    const missing = new GatewayError('no-credential', 'none')
    const caller = { signal: new AbortController().signal, note: (note: Note) => void notes.push(note) }
    const clock = { now: () => 0, random: () => 0, sleep: async () => {} }
    const run = () => Promise.reject(missing)
    await expect(withRetry({ target: 'p.m', settings, caller, clock, run })).rejects.toBe(missing)
    expect(notes).toEqual([])
  })

  test('throws the last failure', async () => {
    const last = new GatewayError('timeout', 'late')
    const { error, notes } = await tries([broken, broken, last])
    expect(error).toBe(last)
    expect(notes.at(-1)).toEqual({ type: 'attempt-failed', target: 'p.m', attempt: 3, error: last })
  })

  test('what will not get better is not tried again', async () => {
    const refused = new GatewayError('bad-credentials', 'no')
    const { error, slept } = await tries([refused, 'never'])
    expect(error).toBe(refused)
    expect(slept).toEqual([])
  })

  test('a client that leaves during the wait ends it', async () => {
    const leave = new AbortController()
    const { error, slept } = await tries([broken, 'never'], { signal: leave.signal, onSleep: () => leave.abort() })
    expect(error).toMatchObject({ kind: 'client-gone' })
    expect(slept).toEqual([500])
  })

  test('the real sleep ends with its signal', async () => {
    const leave = new AbortController()
    const asleep = sleep(60_000, leave.signal)
    leave.abort()
    await asleep
    await sleep(60_000, leave.signal)
    await sleep(1, new AbortController().signal)
  })
})
