import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClientKey, sameKey } from '../../../src-core/auth/client-key.ts'
import { ConfigError } from '../../../src-core/config/problem.ts'

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

test('is made at first start and stays the same', async () => {
  const first = await createClientKey({ file })
  expect(first).toMatchObject({ made: true, path: file, key: expect.stringMatching(/^pb-[\w-]{43}$/) })
  expect(first.warning).toContain(file)
  expect(await createClientKey({ file })).toMatchObject({ made: false, key: first.key })
})

test('is readable for its owner alone', async () => {
  await createClientKey({ file })
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
})

test('starts at the same moment agree on one', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => createClientKey({ file })))
  expect(new Set(keys.map(({ key }) => key)).size).toBe(1)
  expect(keys.filter(({ made }) => made)).toHaveLength(1)
  expect(fs.readdirSync(path.dirname(file))).toEqual(['client-key'])
})

test('a key of the user’s own is taken, and made private', async () => {
  writeKey('my-own-key\n', 0o644)
  expect((await createClientKey({ file })).key).toBe('my-own-key')
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
})

test.each(['', 'short', 'two words here', 'line one\nline two'])(
  'a file with %j is refused, not replaced',
  async (text) => {
    writeKey(text)
    const error = await createClientKey({ file }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).problems[0]).toMatchObject({ path: file, message: 'holds no client key' })
    expect(fs.readFileSync(file, 'utf8')).toBe(text)
  },
)

test('a place that cannot be written is told with its file', async () => {
  fs.writeFileSync(path.join(home, 'state'), 'in the way')
  const error = await createClientKey({ file }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigError)
  expect((error as ConfigError).problems[0]?.path).toBe(file)
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
