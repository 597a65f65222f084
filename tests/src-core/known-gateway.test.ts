import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { knownGateway } from '../../src-core/known-gateway.ts'

let home: string

beforeEach(async () => {
  home = await fs.mkdtemp(path.join(os.tmpdir(), 'patchbay-known-'))
})

afterEach(() => fs.rm(home, { recursive: true, force: true }))

const known = (configFile?: string) =>
  knownGateway(
    { env: { PATCHBAY_HOME: home, PATCHBAY_KEYCHAIN: 'off' }, platform: process.platform, userHome: home },
    configFile,
  )

describe('what is known before the gateway starts', () => {
  test('without a config: the usual port and a key that stays', async () => {
    const first = await known()
    expect(first).toMatchObject({ port: 4141, upstreams: [] })
    expect(first.clientKey).toBe((await fs.readFile(path.join(home, 'state', 'client-key'), 'utf8')).trim())
    expect(await known()).toEqual(first)
  })

  test('with a config: its port, its addresses, the profile’s where it names none', async () => {
    const providers =
      'gemini: { profile: gemini, auth: { type: client } }\n    own: { type: openai, baseUrl: "http://127.0.0.1:5000/v1", auth: { type: none } }'
    const file = path.join(home, 'config.yaml')
    await fs.writeFile(
      file,
      `gateway: { port: 5000, clientAuth: { mode: none } }\nvirtualrouter:\n  providers:\n    ${providers}\n  routing: { default: [{ targets: ["gemini.*"] }] }\n`,
    )
    const { port, clientKey, upstreams } = await known()
    expect({ port, clientKey }).toEqual({ port: 5000, clientKey: null })
    expect(upstreams).toEqual([
      { id: 'gemini', baseUrl: expect.stringContaining('https://') },
      { id: 'own', baseUrl: 'http://127.0.0.1:5000/v1' },
    ])
  })

  test('a broken config and a missing file are told apart', async () => {
    await fs.writeFile(path.join(home, 'config.yaml'), 'gateway: { prot: 1 }\n')
    await expect(known()).rejects.toMatchObject({ reason: 'invalid' })
    await expect(known(path.join(home, 'none.yaml'))).rejects.toMatchObject({ reason: 'missing' })
  })
})
