import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Finding } from '../../src-core/index.ts'
import { startChild } from '../helpers/child-process.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { takenPort } from '../helpers/taken-port.ts'

const root = path.resolve(import.meta.dirname, '../..')

async function doctor(home: string, flags: string[] = [], env: Record<string, string> = {}) {
  const run = startChild('npm', ['run', '--silent', 'doctor', '--', ...flags], {
    cwd: root,
    env: { HOME: home, PATCHBAY_HOME: path.join(home, 'patchbay'), npm_config_update_notifier: 'false', ...env },
  })
  return { code: await run.ended, stdout: run.stdout(), stderr: run.stderr() }
}

function emptyHome(config?: unknown): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-doctor-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
  fs.mkdirSync(path.join(home, 'patchbay'))
  if (config !== undefined) fs.writeFileSync(path.join(home, 'patchbay/config.yaml'), JSON.stringify(config))
  return home
}

const demo = {
  providers: { demo: { profile: 'demo', models: { demo: {} } } },
  routing: { default: [{ targets: ['demo.demo'] }] },
}

test('fine: 0; a port that is taken: 1 and what to change', async () => {
  const port = await takenPort()
  const home = emptyHome({ gateway: { port: 0 }, virtualrouter: demo })
  expect(await doctor(home)).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing stands in the way.') })
  fs.writeFileSync(path.join(home, 'patchbay/config.yaml'), JSON.stringify({ gateway: { port }, virtualrouter: demo }))
  const { code, stdout } = await doctor(home, ['--json'])
  expect(code).toBe(1)
  const findings = JSON.parse(stdout) as Finding[]
  expect(findings.filter(({ ok }) => !ok)).toEqual([
    { about: 'port', ok: false, words: `Port ${port} is taken by another program. Set gateway.port in the config.` },
  ])
})

test('a config with a mistake: 1, the place and the hint; flags it does not know: 2', async () => {
  const { code, stdout, stderr } = await doctor(emptyHome({ gateway: { prot: 1 } }))
  expect([code, stderr]).toEqual([1, ''])
  expect(stdout).toMatch(/WRONG {2}config {2}gateway\.prot: unknown key.*port/)
  expect(await doctor(emptyHome(), ['--nope'])).toMatchObject({ code: 2, stdout: '' })
})

test('a misconfigured gemini-cli is told at the start, which it does not keep from starting', async () => {
  const google = { profile: 'gemini-cli', auth: { type: 'oauth', account: 'work' }, models: { '*': {} } }
  await using gateway = await startGateway({
    config: { virtualrouter: { ...demo, providers: { ...demo.providers, google } } },
  })
  await expect.poll(gateway.stderr).toMatch(/providers\.google\.oauth.*needs .*oauth\.clientId.*config problem/)
})

test('beside a gateway that runs, its port is no fault', async () => {
  await using gateway = await startGateway({ config: { virtualrouter: demo } })
  const running = Number(new URL(gateway.url).port)
  const config = path.join(gateway.home, 'doctor.yaml')
  fs.writeFileSync(config, JSON.stringify({ gateway: { port: running }, virtualrouter: demo }))
  const { code, stdout } = await doctor(gateway.home, ['--config', config])
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(`Patchbay runs at ${gateway.url} (process ${gateway.pid}).`),
  ])
})
