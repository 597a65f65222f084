import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type ClientKeys, createClientKeys } from '../../../src-core/auth/client-keys.ts'
import type { ConfigError } from '../../../src-core/config/problem.ts'

let file: string
let clock: number
const open: ClientKeys[] = []
beforeEach(() => {
  file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-keys-')), 'state', 'client-keys.json')
  clock = 1000
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((keys) => keys.close()))
  fs.rmSync(path.dirname(path.dirname(file)), { recursive: true })
})

async function start(): Promise<ClientKeys> {
  const first = { key: 'pb-first', known: ['pb-first'], accepts: (given: string) => given === 'pb-first' }
  const failed = (thrown: unknown) => {
    throw thrown
  }
  const keys = await createClientKeys({ first: () => first, file, now: () => clock, failed })
  keys.follow()
  open.push(keys)
  return keys
}

test('the first key is there, and no file before something is worth keeping', async () => {
  const keys = await start()
  expect(keys.list()).toEqual([{ name: 'default' }])
  expect([keys.nameOf('pb-first'), keys.nameOf('pb-other')]).toEqual(['default', undefined])
  expect(fs.existsSync(file)).toBe(false)
})

test('a key made later is known by its name, in this run and the next, and its value stands nowhere', async () => {
  const keys = await start()
  const key = await keys.create('laptop')
  expect(key).toMatch(/^pb-[\w-]{43}$/)
  const phone = await keys.create('phone')
  for (const run of [keys, await start()]) {
    expect(run.nameOf(String(key))).toBe('laptop')
    expect(run.nameOf(String(phone))).toBe('phone')
    expect(run.nameOf(`${key}x`)).toBeUndefined()
    expect([...run.known()]).toEqual(['pb-first', key, phone])
  }
  expect(fs.readFileSync(file, 'utf8')).not.toContain(key)
  expect(fs.statSync(file).mode & 0o077).toBe(0)
})

test.each(['default', 'laptop'])('there is one key named %s', async (name) => {
  const keys = await start()
  await keys.create('laptop')
  const before = fs.readFileSync(file, 'utf8')
  expect(await keys.create(name)).toBe(false)
  expect(fs.readFileSync(file, 'utf8')).toBe(before)
})

test('a revoked key counts no more, and its name may be used again', async () => {
  const keys = await start()
  const key = String(await keys.create('laptop'))
  expect(await keys.revoke('laptop')).toBe(true)
  expect(keys.nameOf(key)).toBeUndefined()
  expect([await keys.revoke('laptop'), await keys.revoke('default')]).toEqual([false, false])
  const other = String(await keys.create('laptop'))
  expect([keys.nameOf(key), keys.nameOf(other)]).toEqual([undefined, 'laptop'])
})

test('when each was used is told at once and kept for the next run', async () => {
  const keys = await start()
  const key = String(await keys.create('laptop'))
  clock = 2000
  keys.nameOf('pb-first')
  clock = 3000
  keys.nameOf(key)
  keys.nameOf('pb-nobody')
  const told = [
    { name: 'default', lastUsedAt: 2000 },
    { name: 'laptop', createdAt: 1000, lastUsedAt: 3000 },
  ]
  expect(keys.list()).toEqual(told)
  await keys.close()
  expect((await start()).list()).toEqual(told)
})

test('what one gateway changes, another one of the same home follows', async () => {
  const [here, there] = [await start(), await start()]
  const key = String(await here.create('laptop'))
  await vi.waitFor(() => expect(there.nameOf(key)).toBe('laptop'), 5000)
  await there.revoke('laptop')
  await vi.waitFor(() => expect(here.nameOf(key)).toBeUndefined(), 5000)
  expect(here.list()).toEqual([{ name: 'default' }])
})

test.each(['', '{', '{"version":1,"keys":{"laptop":{"sha256":"zz","createdAt":1}},"lastUsed":{}}'])(
  'a file with %j is told and left',
  async (text) => {
    fs.mkdirSync(path.dirname(file))
    fs.writeFileSync(file, text)
    const error = await start().catch((thrown: unknown) => thrown)
    expect((error as ConfigError).problems[0]).toMatchObject({ path: file, message: 'is not a list of client keys' })
    expect(fs.readFileSync(file, 'utf8')).toBe(text)
  },
)
