import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { answerDialog, ask, click, dialogs, labelOf, type Seen, type Started, start } from './launch.ts'

const provider = { profile: 'demo', models: { m: {} } }
const config = {
  virtualrouter: {
    activeGroup: 'one',
    providers: { first: provider, second: provider },
    routingGroups: {
      one: { label: 'The first', routing: { default: [{ targets: ['first.m'] }] } },
      two: { label: 'The second', routing: { default: [{ targets: ['second.m'] }] } },
    },
  },
}

let it: Started
test.beforeAll(async () => {
  it = await start(['--port', '0', '--hidden'], config)
  await expect.poll(() => labelOf(it.app, 'status')).toContain('Running')
})
test.afterAll(() => it.close())

const seen = <Key extends 'tooltip' | 'opened'>(key: Key) =>
  it.app.evaluate((_electron, key) => (globalThis as unknown as { seen: Seen }).seen[key as Key], key as string)

test('what it says: the state, the address and the backend', async () => {
  const address = it.url.replace('http://', '')
  expect(await labelOf(it.app, 'status')).toBe(`●  Running · ${address}`)
  expect(await seen('tooltip')).toBe(`Patchbay – The first – ${address}`)
  await click(it.app, 'status')
  expect(await it.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(it.url)
})

test('a backend chosen in the menu serves the next request, and the config keeps it', async () => {
  expect((await ask(it)).target).toBe('first.m')
  const started = Date.now()
  await click(it.app, 'group:two')
  await expect.poll(async () => (await ask(it)).target, { intervals: [5] }).toBe('second.m')
  test.info().annotations.push({
    type: 'switch',
    description: `${Date.now() - started} ms, the click through Playwright included`,
  })
  await expect.poll(() => labelOf(it.app, 'group:two')).toContain('The second')
  const checked = () =>
    it.app.evaluate(() =>
      ['group:one', 'group:two'].map(
        (id) => (globalThis as unknown as { seen: Seen }).seen.menu.getMenuItemById(id)?.checked,
      ),
    )
  await expect.poll(checked).toEqual([false, true])
  expect(await seen('tooltip')).toContain('The second')
  const kept = JSON.parse(fs.readFileSync(path.join(it.home, 'config.yaml'), 'utf8'))
  expect(kept.virtualrouter.activeGroup).toBe('two')
})

test('a provider switched off takes its backend along, in place', async () => {
  const menu = () => it.app.evaluateHandle(() => (globalThis as unknown as { seen: Seen }).seen.menu)
  const before = await menu()
  await click(it.app, 'provider:second')
  await expect.poll(() => labelOf(it.app, 'status')).toContain('▲  No backend can be called')
  expect((await ask(it)).status).toBe(400)
  const same = await it.app.evaluate(
    (_electron, before) => (globalThis as unknown as { seen: Seen }).seen.menu === (before as unknown),
    before,
  )
  expect(same).toBe(true)
  await click(it.app, 'provider:second')
  await expect.poll(() => labelOf(it.app, 'status')).toContain('●  Running')
  expect((await ask(it)).target).toBe('second.m')
})

test('a pause tells clients so until it is taken back', async () => {
  await click(it.app, 'pause')
  await expect.poll(() => labelOf(it.app, 'pause')).toBe('Resume')
  const { status, text } = await ask(it)
  expect([status, JSON.parse(text).error.message]).toEqual([503, expect.stringContaining('Patchbay is paused')])
  await click(it.app, 'pause')
  await expect.poll(() => labelOf(it.app, 'status')).toContain('Running')
  expect((await ask(it)).status).toBe(200)
})

test('the Gemini CLI: lines to copy, settings shown before they are written, and taken back', async () => {
  await click(it.app, 'copy:fish')
  await expect
    .poll(() => it.app.evaluate(({ clipboard }) => clipboard.readText()))
    .toContain(`set -gx GOOGLE_GEMINI_BASE_URL '${it.url}'`)
  const settings = path.join(it.home, '.gemini', 'settings.json')
  await click(it.app, 'cli:write')
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(1)
  const [shown] = await dialogs(it.app)
  expect(shown!.buttons).toEqual(['Write', 'Cancel'])
  expect(shown!.detail).toContain(`GOOGLE_GEMINI_BASE_URL=${it.url}`)
  expect(shown!.detail).not.toContain(it.clientKey)
  expect(fs.existsSync(settings)).toBe(false)
  await answerDialog(it.app, 0)
  await expect.poll(async () => (await dialogs(it.app)).at(-1)!.message).toContain('is connected')
  await answerDialog(it.app, 0)
  expect(fs.existsSync(settings)).toBe(true)
  await expect.poll(() => labelOf(it.app, 'clients')).toContain('Gemini CLI connected')

  await click(it.app, 'cli:undo')
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(3)
  await answerDialog(it.app, 0)
  await expect.poll(async () => (await dialogs(it.app)).at(-1)!.message).toContain('no longer connected')
  await answerDialog(it.app, 0)
  expect(fs.existsSync(settings)).toBe(false)
  await expect.poll(() => labelOf(it.app, 'clients')).toContain('Gemini CLI not connected')
})

test('what failed is said, and what rested because of the network is forgotten after sleep', async () => {
  const gone = {
    type: 'openai',
    baseUrl: 'http://127.0.0.1:9/v1',
    auth: { type: 'none' },
    discovery: 'off',
    models: { m: {} },
  }
  const other = await start(['--port', '0', '--hidden'], {
    virtualrouter: {
      providers: { gone },
      routing: { default: [{ targets: ['gone.m'] }] },
      health: { failureThreshold: 1 },
      retry: { attempts: 1 },
    },
  })
  const provider = () => labelOf(other.app, 'provider:gone')
  await expect.poll(provider).toBe('gone   ●')
  expect((await ask(other)).status).toBe(503)
  await expect.poll(provider).toMatch(/^gone {3}◐ unreachable, back in \d:\d\d$/)
  await expect.poll(() => labelOf(other.app, 'problem')).toMatch(/^Last problem: .*127\.0\.0\.1:9.*\(just now\)$/)
  expect(await labelOf(other.app, 'try:gone')).toBe('Try gone now')
  await other.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
  await expect.poll(provider).toBe('gone   ●')
  await other.close()
})
