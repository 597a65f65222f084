import { describe, expect, test } from 'vitest'
import type { RequestTraits } from '../../../src-core/model/request.ts'
import { classify } from '../../../src-core/router/classify.ts'

const cases: [string, Partial<RequestTraits>, number, string[]][] = [
  ['nothing special', {}, 10, ['default']],
  ['tools declared', { tools: true }, 10, ['tools', 'default']],
  ['a helper call with tools', { tools: true, helper: 'helper' }, 10, ['background', 'tools', 'default']],
  ['the router question', { helper: 'router-verdict' }, 10, ['background', 'default']],
  ['media in the latest turn', { media: true, tools: true }, 10, ['vision', 'tools', 'default']],
  ['just under the threshold', {}, 179_999, ['default']],
  ['at the threshold', {}, 180_000, ['longcontext', 'default']],
  [
    'everything at once',
    { media: true, tools: true, helper: 'helper' },
    200_000,
    ['vision', 'longcontext', 'background', 'tools', 'default'],
  ],
]

describe('classify', () => {
  test.each(cases)('%s', (_, traits, tokens, routes) => {
    const hits = classify({
      traits: { bytes: 1, tools: false, media: false, ...traits },
      tokens,
      longContextThresholdTokens: 180_000,
    })
    expect(hits.map(({ route }) => route)).toEqual(routes)
    for (const { because } of hits) expect(because).not.toBe('')
  })

  test('the reason for longcontext names both numbers', () => {
    const [hit] = classify({
      traits: { bytes: 1, tools: false, media: false },
      tokens: 5,
      longContextThresholdTokens: 4,
    })
    expect(hit!.because).toBe('about 5 tokens, at or above the threshold of 4')
  })
})
