import { expect, test } from 'vitest'
import type { Json } from '../../../../src-core/model/json.ts'
import { readQuota } from '../../../../src-core/providers/code-assist/quota.ts'

const noon = '2026-11-26T12:00:00Z'

test.each<[string, Json, object[]]>([
  [
    'all it may say',
    {
      modelId: 'gemini-3-flash',
      tokenType: 'REQUESTS',
      remainingAmount: '120',
      remainingFraction: 0.8,
      resetTime: noon,
    },
    [{ model: 'gemini-3-flash', counts: 'REQUESTS', left: 120, leftShare: 0.8, resetsAt: Date.parse(noon) }],
  ],
  ['a share alone', { modelId: 'm', remainingFraction: 0 }, [{ model: 'm', leftShare: 0 }]],
  ['for every model', { remainingAmount: 3 }, [{ left: 3 }]],
  ['a share above the whole', { modelId: 'm', remainingFraction: 1.2 }, [{ model: 'm', leftShare: 1 }]],
  ['nothing of what is left', { modelId: 'm', resetTime: noon }, []],
  [
    'a time that is none',
    { modelId: '', remainingAmount: 'many', remainingFraction: 0.5, resetTime: 'soon' },
    [{ leftShare: 0.5 }],
  ],
  ['a bucket that is none', 'full', []],
])('%s', (_what, bucket, read) => {
  expect(readQuota({ buckets: [bucket] })).toEqual(read)
})

test('no bucket at all is an answer; buckets that are no list are none', () => {
  expect(readQuota({ buckets: [] })).toEqual([])
  expect(readQuota({})).toEqual([])
  expect(() => readQuota({ buckets: {} })).toThrow(/something else/)
})
