import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { exchangesIn } from '../helpers/exchanges-in.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { runGeminiCli } from '../helpers/gemini-cli.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { type Answer, startScriptedProvider } from '../helpers/scripted-provider.ts'

/** An answer has begun, but before its first word the connection breaks. */
const emptyEvent =
  'data: {"candidates":[{"index":0,"content":{"role":"model","parts":[]}}],"modelVersion":"scripted"}\r\n\r\n'
const diesBeforeTheFirstWord: Answer = { sse: emptyEvent, cut: { at: emptyEvent.length, how: 'reset' } }

const first = modelThat(({ results }) => ({
  calls: results.length === 0 ? [{ id: 'call-1', name: 'read_file', args: { file_path: 'note.txt' } }] : [],
}))
const second = modelThat(({ results, request }) => {
  if (results.length > 0) return { text: `The note says ${/\d+/.exec(results.join())?.[0]}.` }
  const remembers = request.body.includes('The note says 4711.')
  return { text: remembers ? 'As I said: 4711.' : 'I know of no note.' }
})

test('the first target dies in mid-turn and between turns: the session goes on with the second', async () => {
  await using firstService = await startScriptedProvider(first)
  await using secondService = await startScriptedProvider(second)
  await using gateway = await startGateway({
    env: { FIRST_KEY: 'first-key', SECOND_KEY: 'second-key' },
    config: {
      version: 1,
      virtualrouter: {
        providers: {
          google: provider('gemini', `${firstService.url}/v1beta`, 'env:FIRST_KEY'),
          spare: provider('openai-compatible', `${secondService.url}/v1`, 'env:SECOND_KEY'),
        },
        routing: { default: [{ targets: ['google.*', 'spare.some-model'] }] },
      },
    },
  })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-session-'))
  const turn = (prompt: string, flags: string[] = []) =>
    runGeminiCli({
      url: gateway.url,
      key: gateway.clientKey!,
      model: 'gemini-3.8-flash',
      files: { 'note.txt': 'the note says 4711\n' },
      prompt,
      flags,
      folder,
    })
  const again = ['--resume', 'latest']
  try {
    // The first asks for a tool; then it breaks off before it says what the tool's result means.
    firstService.reply((request) =>
      request.body.includes('"functionResponse"') ? diesBeforeTheFirstWord : first(request),
    )
    expect(await turn('read the note')).toMatchObject({ exitCode: 0, stdout: 'The note says 4711.\n' })

    // From here on nothing listens there any more.
    await firstService.close()
    for (const prompt of ['what did it say?', 'and again?', 'once more?']) {
      expect(await turn(prompt, again)).toMatchObject({ exitCode: 0, stdout: 'As I said: 4711.\n' })
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  await expect.poll(() => exchangesIn(gateway)).toHaveLength(5)
  const three = (words: string) => Array(3).fill(`google.gemini-3.8-flash ${words}`)
  expect(exchangesIn(gateway)).toMatchObject([
    { 'patchbay.target': 'google.gemini-3.8-flash', 'patchbay.attempts': ['google.gemini-3.8-flash ok'] },
    { 'patchbay.target': 'spare.some-model', 'patchbay.attempts': [...three('stream-broken'), 'spare.some-model ok'] },
    ...Array(2).fill({
      'patchbay.target': 'spare.some-model',
      'patchbay.attempts': [...three('provider-unreachable'), 'spare.some-model ok'],
    }),
    // three failures in a row: the first rests, and nobody waits for it
    { 'patchbay.target': 'spare.some-model', 'patchbay.attempts': ['spare.some-model ok'] },
  ])
  expect(exchangesIn(gateway).every((line) => line['error.type'] === undefined)).toBe(true)
})

function provider(profile: string, baseUrl: string, secret: string) {
  return { profile, baseUrl, auth: { type: 'apikey', secret }, models: { '*': {} }, discovery: 'off' }
}
