import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findCredentialFiles } from '../../../../src-core/auth/import/credential-files.ts'
import { findEnvironmentKeys } from '../../../../src-core/auth/import/environment-keys.ts'
import { loadProfiles } from '../../../../src-core/providers/service-profile.ts'

const { profiles } = await loadProfiles()
const cloud = 'https://www.googleapis.com/auth/cloud-platform'
const login = {
  access_token: 'ya29.access',
  refresh_token: '1//refresh',
  scope: `${cloud} openid`,
  token_type: 'Bearer',
  id_token: 'eyJ.x.y',
  expiry_date: 2000,
}

/** What is found in a home with these files; the files must be the same afterwards. */
async function found(files: Record<string, unknown>, env: (home: string) => Record<string, string> = () => ({})) {
  const userHome = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-import-'))
  onTestFinished(() => fs.rmSync(userHome, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(userHome, name)), { recursive: true })
    fs.writeFileSync(path.join(userHome, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  const state = () =>
    Object.keys(files).map((name) => {
      const { mtimeMs, size } = fs.statSync(path.join(userHome, name))
      return [name, mtimeMs, size]
    })
  const before = state()
  const profile = (id: string) => profiles.get(id)
  const result = await findCredentialFiles({ env: env(userHome), userHome, profile, now: () => 1000 })
  expect(state()).toEqual(before)
  return result
}

describe('the login of the Gemini CLI', () => {
  test('with who is signed in, until when, and what Google says of it', async () => {
    const [one, ...more] = await found({
      '.gemini/oauth_creds.json': login,
      '.gemini/google_accounts.json': { active: 'who@example.com', old: [] },
    })
    expect(more).toEqual([])
    expect(one).toMatchObject({
      id: 'gemini-cli',
      kind: 'account',
      profile: 'gemini-cli',
      label: 'who@example.com',
      expiresAt: 2000,
      scopes: [cloud, 'openid'],
      note: expect.stringContaining('forbids other tools'),
      account: { accessToken: 'ya29.access', refreshToken: '1//refresh', label: 'who@example.com', obtainedAt: 1000 },
    })
    expect(one!.hurdle).toBeUndefined()
  })

  test('in the folder GEMINI_CLI_HOME names', async () => {
    const elsewhere = await found({ 'moved/.gemini/oauth_creds.json': login }, (home) => ({
      GEMINI_CLI_HOME: path.join(home, 'moved'),
    }))
    expect(elsewhere).toMatchObject([{ id: 'gemini-cli', from: expect.stringContaining('moved') }])
  })

  test('without an access token it is over, so that the refresh comes first', async () => {
    const { access_token: _, ...rest } = login
    expect(await found({ '.gemini/oauth_creds.json': rest })).toMatchObject([{ account: { expiresAt: 1000 } }])
  })

  test.each([
    ['without a refresh token', { ...login, refresh_token: undefined }, /nothing that lasts/],
    ['for something else', { ...login, scope: 'openid' }, /does not reach Code Assist/],
    ['no JSON', '{"access_token": ', /no JSON/],
    ['a list', [], /no login/],
    ['huge', 'x'.repeat(300_000), /too large/],
  ])('%s: shown with its hurdle, and nothing taken', async (_what, content, words) => {
    const [one] = await found({ '.gemini/oauth_creds.json': content })
    expect(one).toMatchObject({ hurdle: expect.stringMatching(words) })
    expect(one!.account).toBeUndefined()
  })
})

test('logins that are no longer served explain themselves', async () => {
  const all = await found({
    '.qwen/oauth_creds.json': { access_token: 'a', refresh_token: 'r', expiry_date: 1 },
    '.iflow/iflow_accounts.json': { iflowApiKey: 'sk-x' },
  })
  expect(all.map(({ id, hurdle }) => [id, hurdle])).toEqual([
    ['qwen', expect.stringContaining('15 April 2026')],
    ['iflow', expect.stringContaining('17 April 2026')],
  ])
  expect(JSON.stringify(all)).not.toContain('sk-x')
})

test('nothing there, nothing found', async () => {
  expect(await found({})).toEqual([])
})

test('keys in the environment, but for those that are Patchbay’s own', () => {
  const env = { OPENAI_API_KEY: ' sk-one\n', GEMINI_API_KEY: 'pb-ours', DASHSCOPE_API_KEY: 'our-key', ZAI_API_KEY: '' }
  expect(findEnvironmentKeys(env, (key) => key === 'our-key')).toEqual([
    { id: 'env:OPENAI_API_KEY', from: 'OPENAI_API_KEY', kind: 'key', profile: 'openai', key: 'sk-one' },
  ])
})
