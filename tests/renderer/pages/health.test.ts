import { expect, test } from 'vitest'
import { hourMs, hoursByTarget, hoursShown } from '../../../renderer/pages/health/hours.ts'

const now = 1_700_000_000_000
const thisHour = Math.floor(now / hourMs) * hourMs
const row = (target: string, hour: number, requests: number, errors: number) => ({
  ...{ target, hour, requests, errors },
  ...{ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
})

test('each target has its day, empty hours included; what is older is left out', () => {
  const strips = hoursByTarget(
    [
      row('north.a', thisHour, 5, 1),
      row('north.a', thisHour - 23 * hourMs, 2, 2),
      row('north.a', thisHour - 24 * hourMs, 9, 9),
    ],
    now,
  )
  const strip = strips.get('north.a')!
  expect(strip).toHaveLength(hoursShown)
  expect(strip.at(-1)).toEqual({ at: thisHour, requests: 5, errors: 1 })
  expect(strip[0]).toEqual({ at: thisHour - 23 * hourMs, requests: 2, errors: 2 })
  expect(strip.reduce((sum, { requests }) => sum + requests, 0)).toBe(7)
})
