import { expect, test, vi } from 'vitest'
import { chatAnswer } from '../../helpers/answers.ts'
import type { Answer } from '../../helpers/scripted-provider.ts'
import { startSearching, startService } from './rig.ts'

const wish = { messages: [{ role: 'user', content: 'Search the web for the Node LTS' }] }
const pages: Answer = { json: { results: [{ title: 'One', url: 'https://one.example/', content: 'Node 24.' }] } }
const lookup = chatAnswer({ calls: [{ id: 's1', name: 'web_search', args: { query: 'node lts' } }] })

/** A gateway whose one service is the model, which searches first and then says `after`, and the engine. */
async function startLoop(after: Answer, engine: Answer, settings: object = {}) {
  const service = await startService(({ path, body }) => {
    if (path.startsWith('/search')) return engine
    return body.includes('"role":"tool"') ? after : lookup
  })
  const rig = await startSearching(
    service.url,
    { engines: [{ id: 'own', service: 'searxng', baseUrl: service.url }], ...settings },
    { routing: { default: [{ targets: ['openai.gpt'] }] } },
  )
  return { ...rig, service }
}

test('an engine that hangs ends at its deadline, and the answer comes (WS12)', async () => {
  const hanging: Answer = { cut: { at: 'headers', how: 'hang' } }
  const rig = await startLoop(chatAnswer({ text: 'Without it, then.' }), hanging, { deadlineMs: 200 })
  const reply = await rig.chat(wish)
  expect([reply.status, JSON.parse(reply.text).choices[0].message.content]).toEqual([200, 'Without it, then.'])
  const [, second] = rig.service.requests.filter(({ path }) => path.startsWith('/v1'))
  expect(second!.body).toContain('own did not answer within')
  const { answer } = await rig.call('getExchange', { id: String(reply.headers['x-patchbay-request-id']) })
  expect(answer.webSearch?.searches).toMatchObject([{ tries: [{ engine: 'own', failure: { kind: 'timeout' } }] }])
})

test('a client that leaves while an engine is searching ends the search', async () => {
  const rig = await startLoop(chatAnswer({ text: 'Nobody hears it.' }), { cut: { at: 'headers', how: 'hang' } })
  const searching = () => rig.service.requests.find(({ path }) => path.startsWith('/search'))
  const leaving = new AbortController()
  const { clientKey, url } = rig.gateway.state()
  const asked = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}` },
    body: JSON.stringify({ model: 'any', stream: true, ...wish }),
    signal: leaving.signal,
  })
  await vi.waitFor(() => expect(searching()).toBeDefined())
  leaving.abort()
  await expect(asked).rejects.toThrow()
  await vi.waitFor(() => expect(searching()!.aborted).toBe(true))
  expect(rig.service.requests.filter(({ path }) => path.startsWith('/v1'))).toHaveLength(1)
})

test('a question that follows a search and fails is told as such, and harms nobody’s health', async () => {
  const overloaded = { status: 429, headers: { 'retry-after': '120' }, json: { error: { message: 'slow down' } } }
  const rig = await startLoop(overloaded, pages)
  const reply = await rig.chat(wish)
  expect(reply.status).toBe(429)
  expect(reply.text).toContain('slow down')
  const { answer } = await rig.call('getHealth')
  expect(answer.targets.filter(({ state }) => state !== 'healthy')).toEqual([])
})

test('the record says what was searched for, where and why; the list of records only how often', async () => {
  const rig = await startLoop(chatAnswer({ text: '24.' }), pages)
  const reply = await rig.chat(wish)
  const id = String(reply.headers['x-patchbay-request-id'])
  const { answer } = await rig.call('getExchange', { id })
  expect(answer.webSearch).toMatchObject({
    because: 'the user asks for the web',
    searches: [{ query: 'node lts', engine: 'own', because: 'own is the first in the config', hits: 1 }],
  })
  const listed = await rig.call('listExchanges', {})
  expect(listed.answer.exchanges).toMatchObject([{ searches: 1 }])
  expect(JSON.stringify(listed.answer.exchanges)).not.toContain('node lts')
})

test('estimates learn nothing from an answer that took several questions', async () => {
  // large enough to be learnt from, and so near to the estimate that it would be
  const asked = { messages: [{ role: 'system', content: 'word '.repeat(4000) }, ...wish.messages] }
  const usage = { prompt_tokens: 6000, completion_tokens: 1, total_tokens: 6001 }
  const { json } = chatAnswer({ text: '24.' })
  const rig = await startLoop({ json: { ...(json as object), usage } }, pages)
  for (let again = 0; again < 3; again++) await rig.chat(asked)
  const body = JSON.stringify({ model: 'any', ...asked })
  const { answer } = await rig.call('explainRoute', { path: '/v1/chat/completions', body })
  const [first] = answer.order
  expect(first!.ratio).toBeCloseTo(answer.estimate.tokens / first!.limit, 6)
})
