import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { isFree } from '../helpers/is-free.ts'
import { answerDialog, click, commandLine, dialogs, environment, labelOf, pageOf, start } from './launch.ts'

// the path of Electron's executable, or of the stand-in
const executable = createRequire(import.meta.url)('electron') as string

const running = (app: Parameters<typeof labelOf>[0]) => expect.poll(() => labelOf(app, 'status')).toContain('Running')
const windows = (app: Parameters<typeof labelOf>[0]) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

test('hidden at first; a second start surfaces the window of the first and ends', async () => {
  const it = await start(['--port', '0', '--hidden'])
  await running(it.app)
  expect(await windows(it.app)).toBe(0)
  const opened = it.app.waitForEvent('window')
  const second = spawn(executable, commandLine('--port', '0'), { env: environment(it.home), stdio: 'ignore' })
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0)
  await (await opened).getByRole('heading').first().waitFor()
  expect(await windows(it.app)).toBe(1)
  await it.close()
})

test('quit: the port is free at once, an answer under way still ends', async () => {
  const slow = await slowProvider()
  const up = { type: 'openai', baseUrl: `${slow.url}/v1`, auth: { type: 'none' }, discovery: 'off', models: { m: {} } }
  const it = await start(['--port', '0'], {
    gateway: { clientAuth: { mode: 'none' } },
    virtualrouter: { providers: { up }, routing: { default: [{ targets: ['up.m'] }] } },
  })
  await pageOf(it.app)
  await running(it.app)
  const { url } = it
  const ended = new Promise((resolve) => it.app.process().once('exit', resolve))
  const text = streamed(`${url}/v1/chat/completions`)
  await slow.asked
  await click(it.app, 'quit')
  await expect.poll(() => isFree(Number(new URL(url).port))).toBe(true)
  slow.finish()
  expect(await text).toMatch(/first[\s\S]*last[\s\S]*\[DONE\]/)
  expect(await ended).toBe(0)
  slow.close()
})

test('a busy port: one dialog says who has it, and another port serves', async () => {
  const other = http.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const it = await start(['--port', String(port), '--hidden'])
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(1)
  const [dialog] = await dialogs(it.app)
  expect(dialog!.message).toBe(`Port ${port} is in use.`)
  expect(dialog!.detail).toMatch(new RegExp(`\\(process ${process.pid}\\)|Another program has it`))
  expect(dialog!.buttons).toEqual(['Use another port', 'Try again', 'Quit'])
  await answerDialog(it.app, 0)
  await running(it.app)
  expect(Number(new URL(it.url).port)).not.toBe(port)
  expect((await fetch(`${it.url}/healthz`)).status).toBe(200)
  await it.close()
  other.close()
})

test('a config with mistakes is said line by line, and read again when it is mended', async () => {
  const it = await start(['--port', '0', '--hidden'], { gateway: { bodyLimit: 1 } })
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(1)
  const [dialog] = await dialogs(it.app)
  expect(dialog!.detail).toMatch(/gateway\.bodyLimit: .* \(line 1\. /)
  fs.rmSync(path.join(it.home, 'config.yaml'))
  await answerDialog(it.app, dialog!.buttons.indexOf('Try again'))
  await running(it.app)
  await it.close()
})

test('on the last good version the window opens on what is wrong, and mending the file ends it', async () => {
  const providers = { demo: { profile: 'demo', models: { m: {} } } }
  const good = { virtualrouter: { providers, routing: { default: [{ targets: ['demo.m'] }] } } }
  const it = await start(['--port', '0', '--hidden'], { gateway: { bodyLimit: 1 } })
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(1)
  const history = path.join(it.home, 'state', 'config-history')
  fs.mkdirSync(history, { recursive: true })
  fs.writeFileSync(path.join(history, 'config-2026-11-26T00-00-00.000Z.yaml'), JSON.stringify(good))
  await answerDialog(it.app, (await dialogs(it.app))[0]!.buttons.indexOf('Try again'))
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(2)
  const dialog = (await dialogs(it.app))[1]!
  expect(dialog.detail).toMatch(/gateway\.bodyLimit[\s\S]*laid aside/)
  await answerDialog(it.app, dialog.buttons.indexOf('Use the last good version'))
  const page = await pageOf(it.app)
  await expect(page).toHaveURL(/#\/settings$/)
  await expect(page.getByRole('alert').first()).toContainText('Line 1, gateway.bodyLimit')
  expect((await fetch(`${it.url}/healthz`)).status).toBe(200)
  fs.writeFileSync(path.join(it.home, 'config.yaml'), JSON.stringify(good))
  await expect(page.getByRole('alert')).toHaveCount(0)
  await it.close()
})

test('who would rather quit than mend the config is let go', async () => {
  const it = await start(['--port', '0', '--hidden'], { gateway: { bodyLimit: 1 } })
  await expect.poll(async () => (await dialogs(it.app)).length).toBe(1)
  const ended = new Promise((resolve) => it.app.process().once('exit', resolve))
  await answerDialog(it.app, 1)
  expect(await ended).toBe(3)
})

test('a Linux desktop without a tray: the window shows, says so once, and its end is the end', async () => {
  test.skip(process.platform !== 'linux', 'other systems always have a tray')
  const it = await start(['--port', '0', '--hidden'], undefined, { TRAY_HOST: 'false' })
  const page = await pageOf(it.app)
  await expect.poll(async () => (await dialogs(it.app))[0]?.message).toBe('This desktop shows no tray icons.')
  await answerDialog(it.app, 0)
  const ended = new Promise((resolve) => it.app.process().once('exit', resolve))
  await page.close()
  expect(await ended).toBe(0)
})

/** Streams `first`, then waits until it is told to finish. */
async function slowProvider() {
  let finish = () => {}
  let heard = () => {}
  const asked = new Promise<void>((resolve) => {
    heard = resolve
  })
  const server = http.createServer((message, response) => {
    message.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const chunk = (delta: object, finish_reason: string | null = null) =>
      response.write(
        `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
      )
    chunk({ content: 'first' })
    finish = () => {
      chunk({ content: 'last' }, 'stop')
      response.end('data: [DONE]\n\n')
    }
    heard()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, finish: () => finish(), close: () => server.close() }
}

async function streamed(url: string): Promise<string> {
  const body = JSON.stringify({ model: 'any', stream: true, messages: [{ role: 'user', content: 'hi' }] })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return response.text()
}
