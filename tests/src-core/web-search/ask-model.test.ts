import { expect, test } from 'vitest'
import { GatewayError } from '../../../src-core/model/error.ts'
import type { ModelAnswer } from '../../../src-core/model/generate.ts'
import type { ModelRequest, Wire } from '../../../src-core/model/request.ts'
import type { Target } from '../../../src-core/model/target.ts'
import { askModel } from '../../../src-core/web-search/ask-model.ts'
import { searchPrompt } from '../../../src-core/web-search/search-prompt.ts'

const target = { id: 'p.m', model: 'm', protocol: 'gemini-chat' } as Target
const signal = new AbortController().signal
const ask = (answer: ModelAnswer, wire?: Wire) => {
  let asked: ModelRequest | undefined
  const answered = askModel(
    async (_target, request) => {
      asked = request
      return answer
    },
    target,
    searchPrompt({ query: 'q', recency: 'noLimit', count: 10 }),
    { signal, wire },
  )
  return { answered, asked: asked! }
}

test('of the client’s request only what may hold its own key goes along', async () => {
  const body = Buffer.from('{"contents":[{"parts":[{"text":"a private conversation"}]}]}')
  const headers = { 'x-goog-api-key': 'the-callers-own' }
  const wire: Wire = { id: 'r1', protocol: 'gemini-chat', envelope: 'none', path: '/x?key=own', headers, body }
  const { asked, answered } = ask({ first: { events: [] } }, wire)
  await answered
  expect(asked.wire).toMatchObject({ headers, path: '/x?key=own' })
  expect(asked.wire.body.toString()).toBe('{}')
  expect(JSON.stringify(await asked.conversation())).not.toContain('private')
})

test('a failure inside the answer is a failure', async () => {
  const error = new GatewayError('content-filtered', 'refused')
  await expect(ask({ first: { events: [{ type: 'error', error }] } }).answered).rejects.toBe(error)
})
