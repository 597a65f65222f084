import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startChild, untilChild } from '../helpers/child-process.ts'

const root = path.resolve(import.meta.dirname, '../..')

function start(flags: string[], env: Record<string, string> = {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-start-'))
  const running = startChild('npm', ['start', '--silent', '--', '--port', '0', ...flags], {
    cwd: root,
    env: { HOME: home, PATCHBAY_HOME: home, npm_config_update_notifier: 'false', ...env },
  })
  onTestFinished(async () => {
    running.child.kill('SIGTERM')
    await running.ended
    fs.rmSync(home, { recursive: true, force: true })
  })
  return { running, home }
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  test('without a display: one line says so, and the gateway serves with its control port', async () => {
    const { running } = start(['--control-port', '0', '--hidden'])
    const first = await untilChild(running, 'npm start', {
      timeoutMs: 60_000,
      ready: () => (running.stdout().includes('\n') ? running.stdout().split('\n')[0] : undefined),
    })
    const { event, url, controlUrl, pid } = JSON.parse(first)
    expect([event, new URL(controlUrl).hostname]).toEqual(['listening', '127.0.0.1'])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(
      running
        .stderr()
        .split('\n')
        .filter((line) => !line.startsWith('{') && line !== ''),
    ).toEqual(['There is no display for the desktop app: going on as `npm run serve`.'])
    process.kill(pid, 'SIGTERM')
    expect(await running.ended).toBe(0)
  })

  test('with a display: Electron gets the built app and the flags, and its exit code is passed on', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-electron-'))
    onTestFinished(() => fs.rmSync(folder, { recursive: true }))
    fs.writeFileSync(path.join(folder, 'electron'), '#!/bin/sh\necho "$@"\nexit 3\n', { mode: 0o755 })
    const { running } = start(['--hidden'], { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: folder })
    expect(await running.ended).toBe(3)
    expect(running.stdout()).toBe(`${root} --port 0 --hidden\n`)
    expect(fs.existsSync(path.join(root, 'build', 'desktop', 'main.js'))).toBe(true)
  })
})
