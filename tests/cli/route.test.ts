import { describe, expect, test } from 'vitest'
import { printRoute } from '../../cli/print-route.ts'
import { pathFor, readFlags } from '../../cli/route-flags.ts'
import type { Explanation } from '../../src-core/index.ts'

const explanation: Explanation = {
  route: 'longcontext',
  because: ['about 190000 tokens, at or above the threshold of 180000'],
  traits: { bytes: 760_000, tools: true, media: false },
  estimate: {
    tokens: 190_000,
    exact: 0,
    parts: { system: 1000, tools: 9000, history: 180_000, media: 0, output: 8000 },
  },
  order: [
    { target: 'gemini.pro', route: 'longcontext', verdict: 'safe', ratio: 0.19, limit: 1_048_576, limitFrom: 'config' },
    { target: 'a.small', route: 'default', verdict: 'overflow', ratio: 1.55, limit: 128_000, limitFrom: 'reported' },
    { target: 'b.x', route: 'longcontext', verdict: 'unknown', limit: 0, limitFrom: 'default' },
  ],
  skipped: [{ target: 'c.long-name', because: 'provider c is switched off: switch it on to use it' }],
}

test('an explanation for people', () => {
  expect(printRoute(explanation)).toBe(`Route longcontext: about 190000 tokens, at or above the threshold of 180000.
About 190,000 input tokens: system 1,000, tools 9,000, history 180,000, media 0; up to 8,000 of output are wished for.

Tried in this order:
  1. gemini.pro   safe: 19 % of 1,048,576 tokens (limit: config)
  2. a.small      overflow: 155 % of 128,000 tokens (limit: reported), from route default
  3. b.x          unknown (the window is not known)

Skipped:
  c.long-name  provider c is switched off: switch it on to use it
`)
})

test('when nobody can take it, that is what it says', () => {
  expect(printRoute({ ...explanation, order: [] })).toContain('\nNo target can take it.\n')
})

describe('flags', () => {
  test.each<[string, string[], unknown]>([
    ['a file', ['--file', 'r.json'], { file: 'r.json', json: false }],
    [
      'all',
      ['--file', '-', '--path', '/v1/x', '--config', 'c', '--json'],
      { file: '-', path: '/v1/x', config: 'c', json: true },
    ],
    ['none', [], { problem: expect.stringContaining('--file') }],
    ['a path that is none', ['--file', 'x', '--path', 'v1'], { problem: expect.stringContaining('slash') }],
    ['an unknown one', ['--fiel', 'x'], { problem: expect.stringContaining('--fiel') }],
    ['help', ['--help'], 'help'],
  ])('%s', (_what, argv, expected) => {
    const flags = readFlags(argv)
    if (typeof expected === 'string') expect(flags).toBe(expected)
    else expect(flags).toMatchObject(expected as object)
  })
})

test.each([
  ['an OpenAI request', { messages: [] }, undefined, '/v1/chat/completions'],
  ['a Gemini request and a model', { contents: [] }, 'gemini-3', '/v1beta/models/gemini-3:generateContent'],
  ['a Gemini request alone', { contents: [] }, undefined, undefined],
  ['a Code Assist request', { model: 'x', request: { contents: [] } }, undefined, '/v1internal:generateContent'],
  ['something else', [1], undefined, undefined],
])('where %s would be sent', (_what, body, model, expected) => {
  expect(pathFor(body, model)).toBe(expected)
})
