import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SecretIo, secret } from '../../cli/secret.ts'
import { KeychainError, type KnownSecrets, knownSecrets } from '../../src-core/index.ts'

// with a keychain: tests/e2e/secrets.test.ts

let said: { stdout: string; stderr: string }
let home: string
let stored: Map<string, string>

beforeEach(() => {
  said = { stdout: '', stderr: '' }
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-secret-'))
  stored = new Map()
})
afterEach(() => fs.rmSync(home, { recursive: true }))

const users: Record<string, string[]> = { main: ['litellm[default]', 'azure[work]'] }
const kept: KnownSecrets = {
  async set(name, value) {
    stored.set(name, value)
    return { kept: 'keychain' }
  },
  delete: async (name) => stored.delete(name),
  list: async () => [...stored.keys()],
  usersOf: (name) => users[name] ?? [],
  close: () => {},
}

/** The real ones, on a machine without a keychain. */
const without = (configFile?: string) =>
  knownSecrets(
    { env: { PATCHBAY_HOME: home, PATCHBAY_KEYCHAIN: 'off' }, platform: 'linux', userHome: home },
    configFile,
  )

function run(words: string, known: SecretIo['known'] = async () => kept): Promise<number> {
  return secret(words.split(' ').filter(Boolean), {
    stdout: (text) => {
      said.stdout += text
    },
    stderr: (text) => {
      said.stderr += text
    },
    askSecret: async () => 'sk-typed',
    known,
  })
}

describe('flags', () => {
  test.each([
    ['', 'Say set NAME, list or delete NAME.'],
    ['show main', 'Say set NAME, list or delete NAME.'],
    ['list main', 'Say set NAME, list or delete NAME.'],
    ['set', 'Name the secret to set.'],
    ['delete', 'Name the secret to delete.'],
    ['set main sk-hush', 'it does not belong on the command line'],
    ['set --value sk-hush', '--value'],
  ])('"%s" exits 2 and says why', async (words, why) => {
    expect(await run(words)).toBe(2)
    expect(said.stderr).toContain(why)
    expect(said.stderr).not.toContain('sk-hush')
    expect(stored.size).toBe(0)
  })

  test('--help', async () => {
    expect(await run('--help')).toBe(0)
    expect(said.stdout).toContain('Usage: npm run secret')
  })
})

test.each([
  ['set main', 'Stored main in the keychain. It serves litellm[default], azure[work].\n'],
  ['set keychain:spare', 'Stored spare in the keychain. Write "keychain:spare" in the config.\n'],
])('%s', async (words, sentence) => {
  expect(await run(words)).toBe(0)
  expect(said).toEqual({ stdout: sentence, stderr: '' })
  expect([...stored.values()]).toEqual(['sk-typed'])
})

test('list names each and who uses it; never a value', async () => {
  expect(await run('list')).toBe(0)
  expect(said.stdout).toContain('No secret is stored.')
  stored.set('main', 'sk-hush').set('spare', 'sk-hush')
  said.stdout = ''
  expect(await run('list')).toBe(0)
  expect(said.stdout).toBe('main  (litellm[default], azure[work])\nspare  (not used)\n')
})

test('delete says what stops working', async () => {
  stored.set('main', 'sk-hush').set('spare', 'sk-hush')
  expect([await run('delete main'), await run('delete spare'), await run('delete spare')]).toEqual([0, 0, 1])
  expect(said.stdout).toBe(
    'Deleted main. litellm[default] has no credential now. azure[work] has no credential now.\nDeleted spare.\n',
  )
  expect(said.stderr).toBe('There is no secret spare.\n')
})

describe('where no keychain takes it', () => {
  test.each(['set main', 'delete main'])('%s changes nothing and says the way on', async (words) => {
    expect(await run(words, without)).toBe(1)
    expect(said.stderr).toMatch(/^Nothing was changed: PATCHBAY_KEYCHAIN=off .*use env:NAME or file:PATH in the config/)
    expect(fs.existsSync(path.join(home, 'state'))).toBe(false)
  })

  test('a locked one is told as locked', async () => {
    const locked = { ...kept, delete: () => Promise.reject(new KeychainError('locked', 'the keychain is locked')) }
    expect(await run('delete main', async () => locked)).toBe(1)
    expect(said.stderr).toContain('the keychain is locked. Unlock it')
  })
})

test('it works with a config that a literal secret has made invalid: that is when it is needed', async () => {
  const file = path.join(home, 'config.yaml')
  fs.writeFileSync(
    file,
    'version: 1\nvirtualrouter: { providers: { up: { profile: gemini, auth: { type: apikey, secret: sk-hush } } } }\n',
  )
  const { list, usersOf } = await without()
  expect([await list(), usersOf('main')]).toEqual([[], undefined])
})
