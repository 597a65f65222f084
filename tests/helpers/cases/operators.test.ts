import { describe, expect, test } from 'vitest'
import type { Assertion } from './case-file.ts'
import { problemWith, type View } from './operators.ts'

const chat = {
  model: 'm',
  messages: [
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { arguments: '{"x":1}' } }, { id: 'b' }] },
    { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'one' }] },
    { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: '' }] },
  ],
}
const schema = {
  type: 'object',
  properties: { const: { type: 'string' }, n: { type: ['integer', 'null'], minimum: 1 } },
  required: ['n'],
}
const gemini = [
  { role: 'model', parts: [{ functionCall: { name: 'f' } }, { text: 'x' }, {}] },
  { role: 'user', parts: [{ functionResponse: { name: 'f' } }] },
]
const anthropic = [
  { role: 'assistant', content: [{ type: 'tool_use', id: 't1', input: {} }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'hm' },
      { type: 'tool_result', tool_use_id: 't1' },
    ],
  },
]

type Row = [path: string, op: string, value?: unknown, more?: Partial<Assertion>]

function says(body: unknown, [path, op, value, more]: Row): string | undefined {
  const view: View = { body, beside: { status: 200, event_names: ['x', 'y'], events: [{ type: 'x' }, { type: 'y' }] } }
  return problemWith({ path, op, value, ...more }, view)
}

const holding: [unknown, Row][] = [
  [chat, ['messages[0].content', 'eq', 'hello']],
  [chat, ['messages[-1].tool_call_id', 'ne', 'a']],
  [chat, ['status', 'in', [200, 201]]],
  [chat, ['messages[1].content', 'absent']],
  [chat, ['messages[7].content', 'absent']],
  [chat, ['model', 'exists']],
  [chat, ['messages', 'type', 'array']],
  [chat, ['messages[9]', 'eq', 'x', { optional: true }]],
  [chat, ['messages', 'len', 4]],
  [chat, ['messages', 'len_lte', 4]],
  [chat, ['messages[1]', 'partial', { tool_calls: [{ id: 'a' }, { id: 'b' }] }]],
  [chat, ['messages[1].tool_calls[0].function.arguments', 'json_eq', { x: 1 }]],
  [chat, ['messages[2].tool_call_id', 'same_as', 'messages[1].tool_calls[0].id']],
  [chat, ['model', 'matches', '^m$']],
  [chat, ['model', 'not_matches', 'n']],
  [chat, ['messages[0].content', 'contains', 'ell']],
  [chat, ['messages[*].role', 'contains', 'tool']],
  [chat, ['messages[*].role', 'not_contains', 'system']],
  [chat, ['messages', 'contains_key', 'tool_calls']],
  [chat, ['messages[*].tool_calls[*].id', 'unique']],
  [chat, ['messages[?role=tool].tool_call_id', 'eq', ['a', 'b']]],
  [chat, ['messages[?role=tool][1].tool_call_id', 'eq', 'b']],
  [chat, ['messages[*].role', 'all_match', '^[a-z]+$']],
  [chat, ['messages[*].role', 'all_type', 'string']],
  [chat, ['messages[*].role', 'all_in', ['user', 'assistant', 'tool']]],
  [chat, ['messages[*].role', 'all_exist']],
  [chat, ['messages[*].stop', 'all_absent']],
  [chat, ['messages[?tool_call_id].role', 'all_equal']],
  [chat, ['messages[*].role', 'none_contains', 'sys']],
  [chat, ['messages[*].role', 'count', { tool: 2, user: 1, system: 0 }]],
  [chat, ['messages[?role=tool]', 'count', 2]],
  [gemini, ['[*].role', 'alternates']],
  [chat, ['messages', 'text_contains', 'one']],
  [chat, ['messages', 'text_not_contains', 'two']],
  [chat, ['', 'deep_no_key', ['strict']]],
  [chat, ['', 'deep_no_value', ['c']]],
  [chat, ['', 'deep_no_substring', ['ell'], { key: 'id' }]],
  [chat, ['', 'top_no_key', ['contents']]],
  [anthropic, ['..tool_use.id', 'eq', ['t1']]],
  [schema, ['', 'schema_no_keyword', ['const', '$ref']]],
  [schema, ['', 'accepts', [{ n: 1 }, { n: null }, { n: 2, const: 'c' }]]],
  [gemini, ['', 'each_pairs']],
  [chat, ['messages', 'each_pairs']],
  [anthropic, ['', 'every_tool_use_answered_next']],
  [{}, ['events[*].type', 'each_equals_event_name']],
  [chat, ['', 'any_of', [[{ path: 'model', op: 'eq', value: 'n' }], [{ path: 'model', op: 'eq', value: 'm' }]]]],
]

const failing: [unknown, Row][] = [
  [chat, ['messages[0].content', 'eq', 'hell']],
  [chat, ['messages[0].content', 'absent']],
  [chat, ['messages[1].content', 'exists']],
  [chat, ['messages', 'gte', 1]],
  [chat, ['messages[0]', 'partial', { role: 'user', name: 'n' }]],
  [chat, ['messages', 'partial', [{}]]],
  [chat, ['messages[0].content', 'json_eq', 'hello']],
  [chat, ['messages[8].a', 'same_as', 'messages[9].b']],
  [chat, ['nothing[*].id', 'all_match', '.']],
  [chat, ['nothing[*].id', 'all_absent']],
  [chat, ['messages[*].content', 'all_exist']],
  [chat, ['messages[?role=tool].role', 'unique']],
  [chat, ['messages[*].role', 'alternates']],
  [chat, ['messages', 'deep_no_empty_text']],
  [gemini, ['', 'deep_no_empty_part']],
  [chat, ['', 'deep_no_substring', ['ell']]],
  [schema, ['', 'schema_type_is_string']],
  [schema, ['', 'schema_no_keyword', ['minimum']]],
  [schema, ['', 'accepts', [{ n: 0 }]]],
  [schema, ['', 'accepts', [{}]]],
  [gemini.slice(0, 1), ['', 'each_pairs']],
  [chat.messages.slice(0, 3), ['', 'each_pairs']],
  [anthropic.slice(0, 1), ['', 'every_tool_use_answered_next']],
  [anthropic, ['', 'tool_results_first_in_message']],
  [chat, ['', 'any_of', [[{ path: 'model', op: 'eq', value: 'n' }]]]],
]

const title = (row: Row): string =>
  row
    .slice(0, 3)
    .map((part) => JSON.stringify(part))
    .join(' ')

describe('assertions of translation cases', () => {
  for (const [body, row] of holding) test(`holds: ${title(row)}`, () => expect(says(body, row)).toBeUndefined())
  for (const [body, row] of failing) test(`fails: ${title(row)}`, () => expect(says(body, row)).toBeTypeOf('string'))

  test('an unknown one is an error of the case', () => {
    expect(() => says(chat, ['model', 'resembles', 'm'])).toThrow('no such assertion: resembles')
  })
})
