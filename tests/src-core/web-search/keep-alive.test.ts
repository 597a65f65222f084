import { expect, onTestFinished, test, vi } from 'vitest'
import { chatStream } from '../../helpers/answers.ts'
import type { Answer } from '../../helpers/scripted-provider.ts'
import { startSearching, startService } from './rig.ts'

const wish = 'Search the web for the Node LTS'
const calls = [{ id: 's1', name: 'web_search', args: { query: 'node lts' } }]
const pages: Answer = { json: { results: [{ title: 'One', url: 'https://one.example/', content: 'Node 24.' }] } }

const clients = {
  'openai-chat': {
    path: '/v1/chat/completions',
    body: { model: 'any', stream: true, messages: [{ role: 'user', content: wish }] },
    keepAlive: /(?:^|\n\n): keep-alive\n\n$/,
    text: (event: string) => JSON.parse(event).choices[0]?.delta.content ?? '',
  },
  'gemini-chat': {
    path: '/v1beta/models/any:streamGenerateContent?alt=sse',
    body: { contents: [{ role: 'user', parts: [{ text: wish }] }] },
    // an empty line more than the end of an event has
    keepAlive: /(?:^|\n\r?\n)\n$/,
    text: (event: string) => JSON.parse(event).candidates[0]?.content?.parts?.[0]?.text ?? '',
  },
}

test.each([
  ['openai-chat', undefined],
  ['openai-chat', 'Let me look.'],
  ['gemini-chat', undefined],
  ['gemini-chat', 'Let me look.'],
] as const)(
  'a client of %s, told %j before, hears a keep-alive while a search runs, and then the answer (WS13)',
  async (protocol, said) => {
    const { path, body, keepAlive, text } = clients[protocol]
    // the heartbeat's clock: fifteen seconds of silence pass at once
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const searching = Promise.withResolvers<void>()
    const found = Promise.withResolvers<Answer>()
    const service = await startService(({ path: asked, body: question }) => {
      if (!asked.startsWith('/search'))
        return chatStream(question.includes('"role":"tool"') ? { text: 'It is 24.' } : { text: said, calls })
      searching.resolve()
      return found.promise
    })
    const { url, gateway } = await startSearching(
      service.url,
      { engines: [{ id: 'own', service: 'searxng', baseUrl: service.url }] },
      { routing: { default: [{ targets: ['openai.gpt'] }] } },
    )
    const asked = fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'x-patchbay-key': gateway.state().clientKey! },
      body: JSON.stringify(body),
    })
    await searching.promise
    vi.advanceTimersByTime(16_000)

    const answer = (await asked).body!.pipeThrough(new TextDecoderStream()).getReader()
    let heard = ''
    const hear = async (): Promise<boolean> => {
      const { done, value = '' } = await answer.read()
      heard += value
      return !done
    }
    const textHeard = () => [...heard.matchAll(/^data: (\{.*)$/gm)].map(([, event]) => text(event!)).join('')
    while (!keepAlive.test(heard)) expect(await hear(), heard).toBe(true)
    expect(textHeard()).toBe(said ?? '')
    expect(service.requests).toHaveLength(2)

    found.resolve(pages)
    while (await hear());
    expect(textHeard()).toBe(said === undefined ? 'It is 24.' : `${said}\n\nIt is 24.`)
  },
)
