import { describe, expect, test } from 'vitest'
import type { ClientProtocol } from './case-file.ts'
import { readingProblems } from './readable.ts'

const anthropicEvent = (type: string, index?: number): string =>
  `event: ${type}\ndata: {"type":"${type}","index":${index ?? 0}}\n\n`

const readable: [ClientProtocol, string, string[]?][] = [
  ['gemini', 'data: {"a":1}\r\n\r\n\n\ndata: {"b":1}\n\n'],
  ['gemini', 'data: {"a":1}\n\n{"error":{"code":503}}', ['data: {"a":1}\n\n', '{"error":{"code":503}}']],
  ['gemini-code-assist', 'data: {"response":{}}\n\n'],
  ['openai-chat', ': hm\n\ndata: {"a":1}\n\ndata: [DONE]\n\n'],
  ['openai-chat', 'data: {"a":1}\n\ndata: {"error":{"message":"m"}}\n\n'],
  ['anthropic-messages', anthropicEvent('content_block_start') + anthropicEvent('content_block_stop')],
  ['openai-responses', anthropicEvent('response.created')],
]

const unreadable: [ClientProtocol, string, string][] = [
  ['gemini', 'data: {"a":1}\n\ndata: [DONE]\n\n', 'no JSON'],
  ['gemini', ': hm\n\ndata: {"a":1}\n\n', 'no data'],
  ['gemini', 'event: x\ndata: {"a":1}\n\n', 'no data'],
  ['gemini', 'data: {"a":1}\n: hm\n\n', 'more than one line'],
  ['gemini', 'data: {"a":1}\n\ndata: {"b":1}\n', 'no blank line'],
  ['gemini', 'data: {"a":1}\n\n{"error":{"code":503}}', 'no chunk of its own'],
  ['gemini-code-assist', 'data:{"response":{}}\n\n', 'no data'],
  ['openai-chat', 'data: {"a":1}\n\n', 'no [DONE]'],
  ['openai-chat', 'data: {"a":1\n\ndata: [DONE]\n\n', 'no JSON'],
  ['anthropic-messages', 'data: {"type":"ping"}\n\n', 'carries ping'],
  ['anthropic-messages', anthropicEvent('content_block_start').repeat(2), 'while 0 is open'],
  ['anthropic-messages', anthropicEvent('content_block_start', 1), 'where 0 was due'],
]

describe('a stream its client can read', () => {
  test.each(readable)('%s reads %j', (protocol, raw, chunks) => {
    expect(readingProblems(protocol, raw, chunks ?? [raw])).toEqual([])
  })

  test.each(unreadable)('%s cannot read %j', (protocol, raw, because) => {
    expect(readingProblems(protocol, raw, [raw]).join('\n')).toContain(because)
  })
})
