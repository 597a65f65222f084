import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Keychain } from '../../src-core/auth/keychain.ts'
import { KeychainError } from '../../src-core/auth/keychain-error.ts'
import { openKeychain } from '../../src-core/auth/open-keychain.ts'
import type { KeychainBackendName } from '../../src-core/config/schema.ts'
import { startChild } from '../helpers/child-process.ts'
import { noKeyringSession, startKeyringSession } from '../helpers/keyring-session.ts'
import { installedKeytar } from '../helpers/keytar-install.ts'

const root = path.resolve(import.meta.dirname, '../..')
const keytar = noKeyringSession ? { skipped: noKeyringSession } : await installedKeytar()
const nodePath = 'nodePath' in keytar ? { NODE_PATH: keytar.nodePath } : {}

const backends: { backend: KeychainBackendName; skipped?: string }[] = [
  { backend: 'keyring', skipped: noKeyringSession },
  { backend: 'keytar', skipped: 'skipped' in keytar ? keytar.skipped : undefined },
]
for (const { backend, skipped } of backends)
  if (skipped) console.log(`Keychain tests with ${backend} skipped: ${skipped}`)

/** However busy this machine is. */
const patienceMs = 60_000

/** Opened as another process would: what one has read, the next must find. */
async function withKeychain<Value>(
  backend: KeychainBackendName,
  env: Record<string, string>,
  action: (keychain: Keychain) => Promise<Value>,
): Promise<Value> {
  const around = { env: { ...process.env, ...nodePath, ...env }, platform: process.platform, userHome: '/home/nobody' }
  const keychain = await openKeychain(around, backend, patienceMs)
  try {
    return await action(keychain)
  } finally {
    keychain.close()
  }
}

const trouble = (doing: Promise<unknown>) =>
  doing.then(
    (value) => `no trouble, but ${String(value)}`,
    (thrown) => (thrown instanceof KeychainError ? thrown.trouble : thrown),
  )

const everyWay = async (keychain: Keychain) => [
  await trouble(keychain.read('name')),
  (await keychain.status()).state,
  await trouble(keychain.write('name', 'value')),
  await trouble(keychain.remove('name')),
]

for (const { backend, skipped } of backends) {
  describe.skipIf(skipped !== undefined)(`a real gnome-keyring, through ${backend}`, () => {
    test('unlocked: what is written is read by the next process, whatever it is', async () => {
      await using session = await startKeyringSession('unlocked')
      const values = { plain: 'sk-canary', long: 'token '.repeat(2000), letters: 'zażółć €🔑', looks: '{"a":"b\\nc"}' }
      await withKeychain(backend, session.env, async (keychain) => {
        for (const [name, value] of Object.entries(values)) await keychain.write(name, value)
      })
      await withKeychain(backend, session.env, async (keychain) => {
        for (const [name, value] of Object.entries(values)) expect(await keychain.read(name)).toBe(value)
        expect(await keychain.read('never stored')).toBeUndefined()
        await keychain.write('long', 'short now')
        expect(await keychain.read('long')).toBe('short now')
        expect(await keychain.remove('plain')).toBe(true)
        expect(await keychain.remove('plain')).toBe(false)
        expect(await keychain.read('plain')).toBeUndefined()
        expect((await keychain.status()).state).toBe('ready')
      })
    })

    test('another home has entries of its own', async () => {
      await using session = await startKeyringSession('unlocked')
      await withKeychain(backend, session.env, (keychain) => keychain.write('name', 'value'))
      const elsewhere = { ...session.env, PATCHBAY_HOME: '/somewhere/else' }
      expect(await withKeychain(backend, elsewhere, (keychain) => keychain.read('name'))).toBeUndefined()
    })

    test('many at the same moment', async () => {
      await using session = await startKeyringSession('unlocked')
      await withKeychain(backend, session.env, async (keychain) => {
        const names = Array.from({ length: 20 }, (_, index) => `name-${index}`)
        await Promise.all(names.map((name) => keychain.write(name, `value of ${name}`)))
        for (const name of names) expect(await keychain.read(name)).toBe(`value of ${name}`)
      })
    })

    test('locked: never “not stored”', async () => {
      await using session = await startKeyringSession('unlocked')
      await withKeychain(backend, session.env, (keychain) => keychain.write('name', 'value'))
      session.lock()
      const states = await withKeychain(backend, session.env, everyWay)
      expect(states).toEqual(['locked', 'locked', 'locked', 'locked'])
    })

    test('no collection: unavailable', async () => {
      await using session = await startKeyringSession('no collection')
      const states = await withKeychain(backend, session.env, everyWay)
      expect(states).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable'])
    })

    test.each([
      ['no D-Bus', { DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '/nowhere' }],
      ['a D-Bus that is gone', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus' }],
    ])('%s: unavailable', async (_, env) => {
      const states = await withKeychain(backend, env, everyWay)
      expect(states).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable'])
    })
  })
}

test('a bus that never answers holds up nobody: not who asks, and not the end', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-bus-'))
  const bus = net.createServer((socket) => socket.on('error', () => {})).listen(path.join(folder, 'bus'))
  const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/bus`, PATCHBAY_KEYCHAIN: 'on' }
  // this process is asked to end, by itself, while the library waits
  const script = `import { openKeychain } from '${root}/src-core/auth/open-keychain.ts'
    const keychain = await openKeychain({ env: process.env, platform: 'linux', userHome: '/' }, 'keyring')
    console.log((await keychain.read('name').catch((error) => error)).message)
    process.exit(7)`
  const child = startChild(process.execPath, ['--input-type=module', '-e', script], { env })
  expect(await child.ended).toBe(7)
  expect(child.stdout()).toContain('the keychain does not answer')
  bus.close()
  fs.rmSync(folder, { recursive: true })
})

test.skipIf(noKeyringSession !== undefined)('keytar asked for and not installed: said in words', async () => {
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere/bus', NODE_PATH: '' }
  const { state, words } = await withKeychain('keytar', env, (keychain) => keychain.status())
  expect([state, words]).toEqual(['unavailable', expect.stringContaining('keytar is not installed')])
})
