import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSecretNames } from '../../../src-core/auth/secret-names.ts'
import { createSecretStore, type SecretStore } from '../../../src-core/auth/secret-store.ts'
import { ConfigError } from '../../../src-core/config/problem.ts'
import { type KeychainRig, locked, rigKeychain } from './keychain-rig.ts'

let folder: string
let file: string
let rig: KeychainRig
const open: SecretStore[] = []

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-store-'))
  file = path.join(folder, 'state', 'secret-names.json')
  rig = rigKeychain()
})
afterEach(() => {
  for (const store of open.splice(0)) store.close()
  fs.rmSync(folder, { recursive: true })
})

let clock = 0
/** Another one with the same keychain and folder is what another process has. */
function store(watch = false): SecretStore {
  const made = createSecretStore({
    keychain: rig.keychain,
    names: createSecretNames(file),
    watch: watch ? file : undefined,
    now: () => new Date(++clock),
    failed: (thrown) => {
      throw thrown
    },
  })
  open.push(made)
  return made
}

test('what is set is got, listed by its name, and lies in the keychain alone', async () => {
  const secrets = store()
  expect(await secrets.set('litellm', 'sk-canary')).toEqual({ kept: 'keychain' })
  expect(await secrets.set('azure', 'sk-other')).toEqual({ kept: 'keychain' })
  expect(secrets.get('litellm')).toBe('sk-canary')
  expect(await store().get('litellm')).toBe('sk-canary')
  expect(await store().list()).toEqual(['azure', 'litellm'])
  expect(fs.readdirSync(path.dirname(file))).toEqual(['secret-names.json'])
  expect(fs.readFileSync(file, 'utf8')).not.toContain('sk-')
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
})

test('the keychain is asked once, whether the secret is there or not', async () => {
  await store().set('there', 'value')
  const secrets = store()
  rig.calls.length = 0
  await Promise.all([secrets.get('there'), secrets.get('there'), secrets.get('missing')])
  expect([await secrets.get('there'), await secrets.get('missing')]).toEqual(['value', undefined])
  const asked = rig.calls.flatMap((call) => (call.type === 'get' ? call.entry : []))
  expect(asked.filter((entry) => !entry.startsWith('patchbay '))).toEqual(['there', 'missing'])
})

test('a failure is not remembered as “not stored”', async () => {
  await store().set('name', 'value')
  const secrets = store()
  rig.says = () => locked
  await expect(secrets.get('name')).rejects.toThrow('is locked')
  rig.says = () => undefined
  rig.clock += 60_000
  expect(await secrets.get('name')).toBe('value')
})

test('a value set while the old one is being read counts', async () => {
  await store().set('name', 'old')
  const secrets = store()
  const gate = Promise.withResolvers<void>()
  rig.before = gate.promise
  const reading = secrets.get('name')
  const setting = secrets.set('name', 'new')
  gate.resolve()
  await Promise.all([reading, setting])
  expect(secrets.get('name')).toBe('new')
})

describe('deleting', () => {
  test('a secret is gone at once, and from the list', async () => {
    const secrets = store()
    await secrets.set('name', 'value')
    expect(await secrets.delete('name')).toBe(true)
    expect([await secrets.get('name'), await secrets.list()]).toEqual([undefined, []])
    expect(await secrets.delete('name')).toBe(false)
  })

  test('one that somebody took out of the keychain goes from the list', async () => {
    const secrets = store()
    await secrets.set('name', 'value')
    rig.entries.delete('name')
    expect(await secrets.delete('name')).toBe(true)
    expect(await secrets.list()).toEqual([])
  })

  test('is refused when the keychain is locked, and nothing is forgotten', async () => {
    const secrets = store()
    await secrets.set('name', 'value')
    rig.says = () => locked
    await expect(secrets.delete('name')).rejects.toThrow('is locked')
    expect([secrets.get('name'), await secrets.list()]).toEqual(['value', ['name']])
  })
})

describe('this run only', () => {
  test('is what remains where no keychain takes it, and says why', async () => {
    const secrets = store()
    rig.says = () => locked
    expect(await secrets.set('name', 'value')).toMatchObject({ kept: 'this run', because: { trouble: 'locked' } })
    expect([secrets.get('name'), await secrets.list()]).toEqual(['value', ['name']])
    expect(await store().list()).toEqual([])
    expect(await secrets.delete('name')).toBe(true)
    expect(await secrets.list()).toEqual([])
  })

  test('ends when the keychain takes a new value', async () => {
    const secrets = store()
    rig.says = () => locked
    await secrets.set('name', 'for now')
    rig.says = () => undefined
    await secrets.set('name', 'for good')
    expect([secrets.get('name'), await store().get('name')]).toEqual(['for good', 'for good'])
  })
})

describe('whoever listens hears whose value is another', () => {
  test('set and deleted here', async () => {
    const secrets = store()
    const heard: string[][] = []
    secrets.subscribe((names) => heard.push(names))
    await secrets.set('name', 'value')
    await secrets.delete('name')
    expect(heard).toEqual([['name'], ['name']])
  })

  test('set by another process: the next read finds the new value', async () => {
    await store().set('name', 'old')
    await store().set('same', 'same')
    const running = store(true)
    const heard: string[][] = []
    running.subscribe((names) => heard.push(names))
    expect([await running.get('name'), await running.get('same')]).toEqual(['old', 'same'])
    await store().set('name', 'new')
    await vi.waitUntil(() => heard.length > 0, { timeout: 20_000 })
    expect(heard).toEqual([['name']])
    expect(await running.get('name')).toBe('new')
  })
})

test('a list of names that is none is said, not replaced', async () => {
  fs.mkdirSync(path.dirname(file))
  fs.writeFileSync(file, 'hello')
  const error = await store()
    .list()
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigError)
  await expect(store().set('name', 'value')).rejects.toThrow('is not a list of names')
  expect(fs.readFileSync(file, 'utf8')).toBe('hello')
})
