import { describe, expect, test } from 'vitest'
import type { ModelRequest } from '../../../src-core/model/request.ts'
import { requestOf, type SpokenProtocol } from '../../helpers/conversation-body.ts'

function sectionsOf(request: ModelRequest): Record<string, unknown[]> {
  const { system, tools, messages } = request.sections!()
  const values = (ranges: typeof system) =>
    ranges.map(({ start, end }) => JSON.parse(request.wire.body.toString('utf8', start, end)))
  return { system: values(system), tools: values(tools), messages: values(messages) }
}

const hello = { role: 'user', parts: [{ text: 'hello' }] }
const say = (role: string, content: string) => ({ role, content })
const tool = { type: 'function', function: { name: 'f' } }

const cases: [string, SpokenProtocol, object, { system?: unknown[]; tools?: unknown[]; messages: unknown[] }][] = [
  [
    'Gemini',
    'gemini-chat',
    { systemInstruction: { parts: [{ text: 's' }] }, tools: [{ functionDeclarations: [] }], contents: [hello, hello] },
    { system: [{ parts: [{ text: 's' }] }], tools: [{ functionDeclarations: [] }], messages: [hello, hello] },
  ],
  [
    'Gemini in snake case, one content that is no list',
    'gemini-chat',
    { system_instruction: { parts: [] }, contents: hello },
    { system: [{ parts: [] }], messages: [hello] },
  ],
  [
    'OpenAI: instructions are what stands first',
    'openai-chat',
    {
      model: 'm',
      messages: [say('system', 'a'), say('developer', 'b'), say('user', 'c'), say('system', 'd')],
      tools: [tool],
    },
    {
      system: [say('system', 'a'), say('developer', 'b')],
      tools: [tool],
      messages: [say('user', 'c'), say('system', 'd')],
    },
  ],
  [
    'OpenAI: nothing but instructions, functions of old',
    'openai-chat',
    { model: 'm', messages: [{ content: 'a', role: 'system' }], functions: [{ name: 'f' }] },
    { system: [{ content: 'a', role: 'system' }], tools: [{ name: 'f' }], messages: [] },
  ],
]

describe('sections: where the parts of a request stand', () => {
  test.each(cases)('%s', (_, protocol, body, { system = [], tools = [], messages }) => {
    expect(sectionsOf(requestOf(protocol, body))).toEqual({ system, tools, messages })
  })

  test("Code Assist: inside the envelope, at the body's own offsets", () => {
    const body = { model: 'm', request: { contents: [hello], tools: [{ functionDeclarations: [] }] } }
    const request = requestOf('gemini-chat', body, 'code-assist')
    expect(sectionsOf(request)).toEqual({ system: [], tools: [{ functionDeclarations: [] }], messages: [hello] })
  })

  test('are found once', () => {
    const request = requestOf('gemini-chat', { contents: [hello] })
    expect(request.sections!()).toBe(request.sections!())
  })
})
