import { expect, test } from 'vitest'
import { openMany, sendMany } from '../bench/soak-load.ts'

/** `npm run soak`, small enough to be a test. */

test('memory does not grow with the requests, whatever becomes of them', async () => {
  const [warm, ...later] = await sendMany({ warmUp: 1000, each: 1000, readings: 2 })
  // What is settled moves by some hundred kilobytes. A record or a request kept by mistake would be a kilobyte or more each.
  expect((later.at(-1)!.used - warm!.used) / 2000).toBeLessThan(1024)
})

test('200 streams at once, three in ten targets failing: every one of them is answered', async () => {
  const { streams, failed, failedOver } = await openMany({ open: 200, rounds: 3, gapMs: 50 })
  expect(failed).toEqual([])
  expect(streams).toBe(600)
  // otherwise nothing was put to the test
  expect(failedOver).toBeGreaterThan(20)
})
