import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createHealth } from '../../../src-core/router/health.ts'
import { openHealthFile } from '../../../src-core/router/health-file.ts'
import { failure, listenerFailed, target } from './rig.ts'

function place() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-health-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
  const failed: unknown[] = []
  const file = path.join(home, 'state', 'health.json')
  const clock = { now: 1000 }
  const settings = () => ({ failureThreshold: 3, cooldownMs: 30_000, fatalCooldownMs: 300_000 })
  async function open(delayMs?: number) {
    const kept = await openHealthFile({ file, failed: (thrown) => failed.push(thrown), delayMs })
    const { restored } = kept
    const health = createHealth({ settings, now: () => clock.now, restored, listenerFailed })
    kept.follow(health)
    return { health, close: () => kept.close() }
  }
  return { file, failed, clock, open }
}

const limited = failure('rate-limited', { waitMs: 600_000 })

describe('health file', () => {
  test('what is in force comes back as suspect: listed, with its source, and blocking nobody', async () => {
    const { open, clock, file, failed } = place()
    const before = await open()
    before.health.record(target('p.a'), limited)
    before.health.record(target('p.b'), failure('rate-limited', { waitMs: 5000 }))
    before.health.record(target('p.c'), failure('provider-error'))
    before.health.record(target('q.a'), failure('quota-exhausted', { waitMs: 9e7, from: 'body', reset: true }))
    await before.close()
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)

    clock.now = 60_000
    const after = await open()
    expect(after.health.list()).toMatchObject({
      targets: [{ id: 'p.a', state: 'cooling', until: 601_000, waitFrom: 'retry-after', suspect: true }],
      credentials: [{ id: 'q[default]', state: 'tripped', until: 90_001_000, waitFrom: 'body', target: 'q.a' }],
    })
    expect(after.health.state(target('p.a')).state).toBe('healthy')
    expect(after.health.state(target('q.b')).state).toBe('healthy')
    expect(failed).toEqual([])
    await after.close()
  })

  test('a clock that was set back over the restart does not make rests longer', async () => {
    const { open, clock } = place()
    clock.now = 86_400_000
    const before = await open()
    before.health.record(target('p.a'), limited)
    await before.close()
    clock.now = 5000
    const after = await open()
    expect(after.health.list().targets).toMatchObject([{ since: 5000, until: 605_000 }])
    await after.close()
  })

  test('it is written soon after a change, once for many', async () => {
    const { open, file } = place()
    const { health, close } = await open(20)
    health.record(target('p.a'), limited)
    expect(fs.existsSync(file)).toBe(false)
    health.record(target('p.b'), limited)
    await vi.waitFor(() => expect(JSON.parse(fs.readFileSync(file, 'utf8')).targets).toHaveLength(2))
    health.reset({})
    await close()
    expect(JSON.parse(fs.readFileSync(file, 'utf8')).targets).toEqual([])
  })

  test('without any trouble no file appears', async () => {
    const { open, file } = place()
    const { health, close } = await open()
    health.record(target('p.a'), failure('provider-error'))
    health.record(target('p.a'), 'ok')
    await close()
    expect(fs.existsSync(file)).toBe(false)
  })

  test.each([
    ['torn', '{"version":1,"targets":[{"id":"p'],
    ['of another shape', '{"version":1,"targets":[{"id":"p.a","state":"cooling"}],"credentials":[]}'],
    ['of a later version', '{"version":2}'],
    ['empty', ''],
  ])('a file that is %s is told of and forgotten', async (_, text) => {
    const { open, file, failed } = place()
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
    const { health, close } = await open()
    expect(health.list()).toEqual({ targets: [], credentials: [] })
    expect(failed).toHaveLength(1)
    health.record(target('p.a'), limited)
    await close()
    expect(JSON.parse(fs.readFileSync(file, 'utf8')).targets).toHaveLength(1)
  })

  test('a place that cannot be written is told of, and nothing else happens', async () => {
    const { open, file, failed } = place()
    fs.writeFileSync(path.dirname(file), 'a file where the folder should be')
    const { health, close } = await open()
    health.record(target('p.a'), limited)
    await close()
    expect(failed.length).toBeGreaterThan(0)
    expect(health.state(target('p.a')).state).toBe('cooling')
  })
})
