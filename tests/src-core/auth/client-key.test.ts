import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClientKey, sameKey } from '../../../src-core/auth/client-key.ts'
import { createKeychain } from '../../../src-core/auth/keychain.ts'
import { KeychainError } from '../../../src-core/auth/keychain-error.ts'
import { ConfigError } from '../../../src-core/config/problem.ts'
import { type KeychainRig, locked, rigKeychain } from './keychain-rig.ts'

let home: string
let file: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-key-'))
  file = path.join(home, 'state', 'client-key')
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const writeKey = (text: string, mode = 0o600) => {
  fs.mkdirSync(path.dirname(file))
  fs.writeFileSync(file, text, { mode })
}
const inState = () => fs.readdirSync(path.dirname(file)).sort()

describe('where there is no keychain', () => {
  const unreachable = new KeychainError('unavailable', 'there is no D-Bus session')
  const keychain = createKeychain({ process: undefined, unreachable })

  test('it is made at first start in a file, with a warning, and stays the same', async () => {
    const first = await createClientKey({ file, keychain })
    expect(first.key).toMatch(/^pb-[\w-]{43}$/)
    expect(first.warning).toContain(`${file}, readable for you alone, because there is no D-Bus session.`)
    expect((await createClientKey({ file, keychain })).key).toBe(first.key)
  })

  test('it is readable for its owner alone', async () => {
    await createClientKey({ file, keychain })
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
  })

  test('starts at the same moment agree on one', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => createClientKey({ file, keychain })))
    expect(new Set(keys.map(({ key }) => key)).size).toBe(1)
    expect(inState()).toEqual(['client-key'])
  })

  test('a key of the user’s own is taken, and made private', async () => {
    writeKey('my-own-key\n', 0o644)
    expect((await createClientKey({ file, keychain })).key).toBe('my-own-key')
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  })

  test.each(['', 'short', 'two words here', 'line one\nline two'])(
    'a file with %j is refused, not replaced',
    async (text) => {
      writeKey(text)
      const error = await createClientKey({ file, keychain }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).problems[0]).toMatchObject({ path: file, message: 'holds no client key' })
      expect(fs.readFileSync(file, 'utf8')).toBe(text)
    },
  )

  test('a place that cannot be written is told with its file', async () => {
    fs.writeFileSync(path.join(home, 'state'), 'in the way')
    const error = await createClientKey({ file, keychain }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).problems[0]?.path).toBe(file)
  })
})

describe('in the keychain', () => {
  let rig: KeychainRig
  beforeEach(() => {
    rig = rigKeychain()
  })
  const start = (keychain = rig.keychain) => createClientKey({ file, keychain })

  test('it is made at first start and stays the same; no file holds it', async () => {
    const first = await start()
    expect(first).toMatchObject({ key: expect.stringMatching(/^pb-[\w-]{43}$/), warning: undefined })
    expect((await start()).key).toBe(first.key)
    expect(inState()).toEqual(['client-key.sha256'])
    expect(fs.readFileSync(`${file}.sha256`, 'utf8')).not.toContain(first.key)
  })

  test('starts at the same moment agree on one', async () => {
    const other = rigKeychain({ entries: rig.entries })
    const keys = await Promise.all([start(), start(other.keychain), start(), start(other.keychain)])
    expect(new Set(keys.map(({ key }) => key)).size).toBe(1)
  })

  test('a key in the file moves in, and the file goes', async () => {
    writeKey('my-own-key\n')
    expect(await start()).toMatchObject({ key: 'my-own-key', warning: undefined })
    expect(rig.entries.get('client key')).toBe('my-own-key')
    expect(inState()).toEqual(['client-key.sha256'])
  })

  test('the file stays when the keychain does not give the key back', async () => {
    writeKey('my-own-key\n')
    const forgets = { ...rig.keychain, write: async () => {} }
    expect(await createClientKey({ file, keychain: forgets })).toMatchObject({ key: 'my-own-key' })
    expect(inState()).toContain('client-key')
  })

  test('while it is locked, clients that have the key are known all the same', async () => {
    const { key } = await start()
    rig.says = () => locked
    const later = await start()
    expect(later.key).not.toBe(key)
    expect(later.warning).toMatch(/cannot be shown, because the keychain is locked.*client-key counts too/)
    expect([key, later.key, 'pb-wrong'].map(later.accepts)).toEqual([true, true, false])
    expect(later.known).toEqual([later.key, key])
  })

  test('afterwards both count until the file is removed', async () => {
    const { key } = await start()
    rig.says = () => locked
    const meanwhile = await start()
    rig.says = () => undefined
    rig.clock += 60_000
    const again = await start()
    expect(again).toMatchObject({ key, warning: expect.stringContaining('Two client keys count') })
    expect(again.known).toEqual([key, meanwhile.key])
    fs.rmSync(file)
    expect((await start()).accepts(meanwhile.key)).toBe(false)
  })

  test('a first key that the keychain takes only after a prompt is the one in the file', async () => {
    const slow = rigKeychain({ patienceMs: 20 })
    const gate = Promise.withResolvers<void>()
    slow.says = (call) => {
      if (call.type === 'set' && call.entry === 'client key') slow.before = gate.promise
      return undefined
    }
    const first = await start(slow.keychain)
    expect(first.warning).toContain('does not answer')
    gate.resolve()
    await slow.keychain.write('something', 'later', 10_000)
    slow.clock += 60_000
    expect(await start(slow.keychain)).toMatchObject({ key: first.key, warning: undefined })
    expect(inState()).toEqual(['client-key.sha256'])
  })

  test('a keychain that never answers keeps no start waiting', async () => {
    const silent = rigKeychain({ patienceMs: 20 })
    silent.before = new Promise(() => {})
    expect((await start(silent.keychain)).warning).toContain('it may be waiting for you to unlock it')
  })
})

test.each([
  ['pb-abc', 'pb-abc', true],
  ['pb-abd', 'pb-abc', false],
  ['pb-ab', 'pb-abc', false],
  ['', 'pb-abc', false],
  ['pb-äbc', 'pb-abc', false],
])('%j against %j: %s', (given, expected, same) => {
  expect(sameKey(given, expected)).toBe(same)
})
