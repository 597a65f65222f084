import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KeychainError } from '../../../src-core/auth/keychain-error.ts'
import type { SecretStore } from '../../../src-core/auth/secret-store.ts'
import { createSecretReader, type SecretReader } from '../../../src-core/auth/secrets.ts'
import { GatewayError } from '../../../src-core/model/error.ts'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-secrets-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const env: Record<string, string> = { KEY: 'value', SPACED: '  value\n', EMPTY: '   ', TORN: 'a\nb', UNICODE: 'clé' }
const keychain: Pick<SecretStore, 'get'> = {
  get(name) {
    if (name === 'at-once') return 'read before'
    if (name === 'locked') return Promise.reject(new KeychainError('locked', 'the keychain is locked'))
    return Promise.resolve(name === 'stored' ? 'from the keychain' : undefined)
  },
}
const reader = (now = Date.now) => createSecretReader({ env, userHome: folder, folder, keychain, now })
const put = (name: string, text: string | Buffer) => fs.writeFileSync(path.join(folder, name), text)

test.each([
  ['env:KEY', 'value'],
  ['env:SPACED', 'value'],
  ['file:key', 'from file'],
  ['file:~/key', 'from file'],
  ['keychain:at-once', 'read before'],
  ['keychain:stored', 'from the keychain'],
])('%s', async (reference, value) => {
  put('key', '\uFEFFfrom file\r\n')
  expect(await reader().resolve(reference)).toBe(value)
})

test('an absolute path', async () => {
  put('key', 'x')
  expect(await reader().resolve(`file:${path.join(folder, 'key')}`)).toBe('x')
})

/** A missing secret may be told at once or later: both are the same to who asks. */
const resolving = async (secrets: SecretReader, reference: string) => secrets.resolve(reference)

describe('what is missing is said in words, never with a value', () => {
  test.each([
    ['env:NOPE', 'the environment variable NOPE is not set'],
    ['env:EMPTY', 'the environment variable EMPTY is not set'],
    ['env:TORN', 'the environment variable TORN holds more than a key'],
    ['env:UNICODE', 'the environment variable UNICODE holds more than a key'],
    ['file:nope', 'there is no file nope'],
    ['file:.', 'the file . cannot be read'],
    ['file:empty', 'the file empty is empty'],
    ['file:torn', 'the file torn holds more than a key'],
    ['file:big', 'the file big is far too large for a key'],
    ['keychain:litellm', 'keychain:litellm is not stored. Store it with: npm run secret -- set litellm'],
    ['keychain:locked', 'keychain:locked cannot be read, because the keychain is locked. Unlock it and try again, or'],
    ['sk-hush', 'the config does not name a secret'],
  ])('%s', async (reference, words) => {
    put('empty', '\n')
    put('torn', 'hush\nhush')
    put('big', Buffer.alloc(70_000, 'h'))
    const error = await resolving(reader(), reference).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(GatewayError)
    expect([(error as GatewayError).kind, (error as GatewayError).message]).toEqual([
      'no-credential',
      expect.stringContaining(words),
    ])
    expect((error as GatewayError).message).not.toContain('hush')
  })
})

test('a file is read once, looked at once a second, and read again when it changed', async () => {
  put('key', 'one')
  let clock = 1000
  const reads: string[] = []
  let modified = 1
  const secrets = createSecretReader({
    env,
    userHome: folder,
    folder,
    keychain,
    now: () => clock,
    modifiedAt: async () => modified,
    readFile: async (file) => {
      reads.push(path.basename(file))
      return fs.readFileSync(file)
    },
  })
  expect(await secrets.resolve('file:key')).toBe('one')
  put('key', 'two')
  modified = 2
  clock += 500
  expect(await secrets.resolve('file:key')).toBe('one')
  clock += 600
  expect(await secrets.resolve('file:key')).toBe('two')
  clock += 1500
  expect(await secrets.resolve('file:key')).toBe('two')
  expect(reads).toEqual(['key', 'key'])
})

test('a file that goes away is missing, and counts again when it is back', async () => {
  put('key', 'one')
  let clock = 0
  const secrets = reader(() => clock)
  await secrets.resolve('file:key')
  fs.rmSync(path.join(folder, 'key'))
  clock += 2000
  await expect(resolving(secrets, 'file:key')).rejects.toThrow('there is no file')
  put('key', 'two')
  expect(await secrets.resolve('file:key')).toBe('two')
})

test('what has been handed out is known to the redaction, and what is at hand comes without a promise', async () => {
  const secrets = reader()
  expect(secrets.resolve('keychain:at-once')).toBe('read before')
  await secrets.resolve('keychain:stored')
  expect([...secrets.inUse()]).toEqual(['read before', 'from the keychain'])
})

test('a variable set later counts at once', async () => {
  const later: Record<string, string> = {}
  const secrets = createSecretReader({ env: later, userHome: folder, folder, keychain })
  await expect(resolving(secrets, 'env:LATER')).rejects.toThrow('is not set')
  later.LATER = 'now'
  expect(await secrets.resolve('env:LATER')).toBe('now')
})
