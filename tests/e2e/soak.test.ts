import { expect, test } from 'vitest'
import { openMany, sendMany } from '../bench/soak-load.ts'

/** `npm run soak`, small enough to be a test. */

test('memory does not grow with the requests, whatever becomes of them', async () => {
  const [warm, ...later] = await sendMany({ warmUp: 3000, each: 3000, readings: 2 })
  const grown = later.at(-1)!.used - warm!.used
  // What is settled moves by less than one MiB. Of the small requests here, each one kept with its answer is 20 KB.
  expect(grown / 1024 / 1024).toBeLessThan(2)
})

test('200 streams at once, three in ten targets failing: every one of them is answered', async () => {
  const { streams, failed, failedOver } = await openMany({ open: 200, rounds: 3, gapMs: 50 })
  expect(failed).toEqual([])
  expect(streams).toBe(600)
  // otherwise nothing was put to the test
  expect(failedOver).toBeGreaterThan(20)
})
