import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { clientIn, createInstalledGeminiCli } from '../../../src-core/auth/installed-gemini-cli.ts'

const id = '123456789012-madeup0client.apps.googleusercontent.com'
const secret = 'MADEUP-0123456789012345678901234567'
const block = (quote: string, keyword: string, between = '') =>
  `${keyword} OAUTH_CLIENT_ID = ${quote}${id}${quote};\n${between}${keyword} OAUTH_CLIENT_SECRET = ${quote}${secret}${quote};`

describe('the constants in a file', () => {
  const found = { clientId: id, clientSecret: secret }
  test.each([
    ['of the core package', block("'", 'const'), found],
    ['of a bundle', `var CLOUD_SDK_CLIENT_ID = "764-x.apps.googleusercontent.com";${block('"', 'var')}`, found],
    ['mentioned before', `throw "no OAUTH_CLIENT_ID";\n${block('"', 'var')}`, found],
    ['another library’s', 'var CLOUD_SDK_CLIENT_ID = "764086051850-x.apps.googleusercontent.com"', undefined],
    ['a secret too far away belongs to something else', block('"', 'var', ' '.repeat(3000)), undefined],
    ['an id without a secret', `const OAUTH_CLIENT_ID = '${id}'`, undefined],
    ['nothing', '', undefined],
  ])('%s', (_what, text, expected) => {
    expect(clientIn(Buffer.from(text))).toEqual(expected)
  })
})

function folder(files: Record<string, string>): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-installed-'))
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    fs.writeFileSync(path.join(root, name), text)
  }
  return root
}

const manifest = JSON.stringify({ name: '@google/gemini-cli' })
const read = (env: Record<string, string>, platform = 'linux') => createInstalledGeminiCli({ env, platform }).client()

describe('the CLI that is installed', () => {
  test('the real one, behind the command on the PATH', async () => {
    const bin = path.resolve(import.meta.dirname, '../../../node_modules/.bin')
    const cli = createInstalledGeminiCli({ env: { PATH: `/nowhere:${bin}` }, platform: 'linux' })
    expect([...cli.inUse()]).toEqual([])
    const { clientId, clientSecret } = await cli.client()
    expect(clientId.endsWith('.apps.googleusercontent.com')).toBe(true)
    expect(clientSecret.length).toBe(35)
    expect([...cli.inUse()]).toHaveLength(1)
  })

  test.each([
    [
      'before it was bundled, its core below it',
      {
        'lib/node_modules/@google/gemini-cli/package.json': manifest,
        'lib/node_modules/@google/gemini-cli/node_modules/@google/gemini-cli-core/dist/src/code_assist/oauth2.js':
          block("'", 'const'),
      },
      'bin',
    ],
    [
      'its core beside it',
      {
        'lib/node_modules/@google/gemini-cli/package.json': manifest,
        'lib/node_modules/@google/gemini-cli-core/dist/src/code_assist/oauth2.js': block("'", 'const'),
      },
      'bin',
    ],
    [
      'Windows, beside the command',
      {
        'npm/node_modules/@google/gemini-cli/package.json': manifest,
        'npm/node_modules/@google/gemini-cli/bundle/chunk-A.js': 'nothing',
        'npm/node_modules/@google/gemini-cli/bundle/chunk-B.js': block('"', 'var'),
      },
      'npm',
    ],
  ])('%s', async (_what, files, bin) => {
    expect(await read({ PATH: path.join(folder(files as Record<string, string>), bin) })).toEqual({
      clientId: id,
      clientSecret: secret,
    })
  })

  test.each([
    ['not there', {}, /not installed where Patchbay looks/],
    [
      'a package of another name',
      { 'lib/node_modules/@google/gemini-cli/package.json': '{"name":"x"}' },
      /not installed/,
    ],
    ['without the constants', { 'lib/node_modules/@google/gemini-cli/package.json': manifest }, /no OAuth client/],
  ])('%s: said in words, with the other way', async (_what, files, words) => {
    const reading = read({ PATH: path.join(folder(files as Record<string, string>), 'bin') })
    await expect(reading).rejects.toMatchObject({
      kind: 'needs-user-action',
      message: expect.stringMatching(new RegExp(`${words.source}.*oauth\\.clientId`)),
    })
  })
})
