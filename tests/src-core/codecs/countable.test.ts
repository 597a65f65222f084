import { describe, expect, test } from 'vitest'
import { countableOf } from '../../../src-core/codecs/countable.ts'

/** What is found, as the bytes say it. */
function found(section: unknown) {
  const written = typeof section === 'string' ? section : JSON.stringify(section)
  const body = Buffer.from(`[0,${written},"not this"]`)
  const { pieces, media } = countableOf(body, { start: 3, end: 3 + Buffer.byteLength(written) })
  const words = (json: boolean) =>
    pieces.filter((piece) => piece.json === json).map(({ start, end }) => body.toString('utf8', start, end))
  return { texts: words(false), json: words(true), media }
}

const cases: [string, unknown, { texts?: string[]; json?: string[]; media?: number }][] = [
  // gemini-chat
  ['a text part', { role: 'user', parts: [{ text: 'hi "you"' }, { text: '' }] }, { texts: ['hi \\"you\\"'] }],
  [
    'a thought and its signature',
    { parts: [{ text: 'hm', thought: true, thoughtSignature: 'QUJD' }] },
    { texts: ['hm'] },
  ],
  [
    'a call',
    { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'read', args: { path: '/a', lines: [1, 2] } } }] },
    { texts: ['read'], json: ['{"path":"/a","lines":[1,2]}'] },
  ],
  [
    'what a tool said, in words alone',
    { parts: [{ functionResponse: { id: 'c1', name: 'read', response: { output: 'one\ntwo' } } }] },
    { texts: ['read', 'one\\ntwo'] },
  ],
  [
    'what a tool said, as an object',
    { parts: [{ functionResponse: { name: 'ls', response: { output: 'a', code: 0 } } }] },
    { texts: ['ls'], json: ['{"output":"a","code":0}'] },
  ],
  ['bytes', { parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }, { media: 1 }],
  ['a reference', { parts: [{ file_data: { file_uri: 'gs://a/b', mime_type: 'video/mp4' } }] }, { media: 1 }],
  ['code it ran', { parts: [{ executableCode: { language: 'X', code: 'print(1)' } }] }, { texts: ['X', 'print(1)'] }],
  // openai-chat
  ['a message', { role: 'user', content: 'hello' }, { texts: ['hello'] }],
  [
    'content parts',
    {
      role: 'user',
      content: [
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: 'https://a/b.png' } },
      ],
    },
    { texts: ['look'], media: 1 },
  ],
  [
    'calls: arguments are a string of JSON',
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
    },
    { texts: ['f', '{\\"a\\":1}'] },
  ],
  ['a result', { role: 'tool', tool_call_id: 'c', content: 'done' }, { texts: ['done'] }],
  // anthropic-messages
  [
    'blocks',
    {
      role: 'user',
      content: [
        { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
        { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'ok' }] },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      ],
    },
    { texts: ['f', 'ok'], json: ['{"a":1}'], media: 1 },
  ],
  // openai-responses
  ['an input image', { type: 'input_image', image_url: 'data:image/png;base64,AAAA' }, { media: 1 }],
  ['a bare string', '"instructions"', { texts: ['instructions'] }],
  // what else may come
  ['layout', '{ "role" : "user" ,\n "parts" : [ { "text" : "hi" } , { "text" : "ho" } ] }', { texts: ['hi', 'ho'] }],
  ['nothing', '{}', {}],
  ['numbers alone', '[1,2,[true,null]]', {}],
  ['what is not well formed counts as it stands', '{"parts":[{nonsense}]}', { json: ['{"parts":[{nonsense}]}'] }],
]

describe('countable', () => {
  test.each(cases)('%s', (_, section, { texts = [], json = [], media = 0 }) => {
    expect(found(section)).toEqual({ texts, json, media })
  })

  test('nesting without end is not followed', () => {
    const deep = `${'['.repeat(100_000)}"x"${']'.repeat(100_000)}`
    expect(found(deep)).toEqual({ texts: [], json: [], media: 0 })
  })
})
