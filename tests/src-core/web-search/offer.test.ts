import { expect, test } from 'vitest'
import type { Conversation, Message } from '../../../src-core/model/request.ts'
import { type OfferInput, whyOffered } from '../../../src-core/web-search/offer.ts'
import { conversationOf, user } from './loop-rig.ts'

const model = (text: string): Message => ({ role: 'assistant', parts: [{ type: 'text', text }] })
const called = (name: string): Message => ({
  role: 'assistant',
  parts: [{ type: 'tool-call', id: 'c1', name, args: {} }],
})
const result: Message = { role: 'user', parts: [{ type: 'tool-result', id: 'c1', name: 'x', value: 'ok' }] }
const wants = user('Search the web for it')

const offer = (messages: Message[], more: Partial<Conversation> = {}, input: Partial<OfferInput> = {}) =>
  whyOffered({
    conversation: conversationOf(messages, more),
    policy: 'selective',
    replaceClientTool: false,
    isOpen: false,
    ...input,
  })

test.each<[string, string | undefined, string | undefined]>([
  ['the user asks for it', offer([wants]), 'the user asks for the web'],
  ['the user asks for something else', offer([user('Fix the bug')]), undefined],
  ['the policy is always', offer([user('Fix the bug')], {}, { policy: 'always' }), 'the policy is always'],
  ['the user asked a turn ago', offer([wants, model('Here.'), user('Thanks')]), undefined],
  ['a tool has answered since', offer([wants, called('read_file'), result]), undefined],
  [
    'the user adds words to what a tool said',
    offer([user('Fix it'), called('read_file'), result, wants]),
    'the user asks for the web',
  ],
  [
    'the turn has it already',
    offer([wants, called('read_file'), result], {}, { isOpen: true }),
    'the model has it in this turn already',
  ],
  [
    'our call is in the history of this turn',
    offer([user('x'), called('web_search'), result]),
    'the model has it in this turn already',
  ],
  [
    'our call is in the history of an earlier turn',
    offer([user('x'), called('web_search'), result, user('y')]),
    undefined,
  ],
  [
    'the request asks for it',
    offer([user('x')], { serverTools: [{ type: 'web-search' }] }),
    'the request asks for web search',
  ],
  [
    'a context block of the client mentions it',
    offer([user('<session_context>\nsearch the web\n</session_context>'), user('hi')]),
    undefined,
  ],
  ['the client brings its own', offer([wants], { tools: [{ name: 'web_search' }] }), undefined],
  ['the client brings its own, otherwise spelt', offer([wants], { tools: [{ name: 'WebSearch' }] }), undefined],
  [
    'the Gemini CLI brings its own',
    offer([wants], { tools: [{ name: 'google_web_search' }] }, { policy: 'always' }),
    undefined,
  ],
  [
    'the config replaces the client’s own',
    offer([wants], { tools: [{ name: 'web_search' }] }, { replaceClientTool: true }),
    'the user asks for the web',
  ],
  ['calls are forbidden', offer([wants], { toolChoice: { type: 'none' } }), undefined],
  ['calls are forced', offer([wants], { toolChoice: { type: 'required' } }), undefined],
  ['several answers are wished for', offer([wants], { generation: { candidates: 2 } }), undefined],
])('%s', (_, because, expected) => {
  expect(because).toBe(expected)
})
