import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createInstalledGeminiCli } from '../../../../src-core/auth/installed-gemini-cli.ts'
import type { AccountView } from '../../../../src-core/auth/oauth/account-views.ts'
import { type OpenAccounts, openAccounts } from '../../../../src-core/auth/open-accounts.ts'
import { createSecretReader } from '../../../../src-core/auth/secrets.ts'
import { type OAuthSettings, oauthSettings } from '../../../../src-core/config/oauth-settings.ts'
import { sleep } from '../../../../src-core/providers/retry.ts'
import { createTransport } from '../../../../src-core/providers/transport.ts'
import { createWebFetch } from '../../../../src-core/providers/web-fetch.ts'
import type { OAuthServer } from '../../../helpers/oauth-server.ts'
import { type KeychainRig, rigKeychain } from '../keychain-rig.ts'

export interface AccountsRig {
  open: OpenAccounts
  keychain: KeychainRig
  /** What the clock says. */
  clock: { now: number }
  log: { event: string; about: Record<string, unknown> }[]
  refused: { id: string; state: string; failure: { kind: 'bad-credentials'; message: string } }[]
  /** A token for provider p, as a request asks for it. */
  token(refused?: string): Promise<string>
  view(id?: string): Promise<AccountView | undefined>
  home: string
  settings: OAuthSettings
}

export interface AccountsRigOptions {
  server?: OAuthServer
  block?: object
  /** Two with one of these are two processes of one home. */
  shared?: { home: string; entries: Map<string, string> }
  env?: Record<string, string>
}

/** Accounts as the gateway opens them, over real sockets, with a keychain in memory and a clock to set. */
export function rigAccounts({ server, block, shared, env = {} }: AccountsRigOptions = {}): AccountsRig {
  const home = shared?.home ?? newHome()
  const keychain = rigKeychain({ entries: shared?.entries })
  const secrets = createSecretReader({ env, userHome: home, folder: home, keychain: { get: () => undefined } })
  const transport = createTransport({ env: {} })
  const clock = { now: Date.now() }
  const log: AccountsRig['log'] = []
  const refused: AccountsRig['refused'] = []
  const write = (event: string, about: object) => void log.push({ event, about: { ...about } })
  const settings = oauthSettings({}, { oauth: { ...server?.block, ...block } })!
  const provider = {
    id: 'p',
    envelope: 'none' as const,
    apiKeyHeader: 'authorization' as const,
    credentials: [{ alias: 'default', type: 'oauth' as const, account: 'work' }],
    oauth: settings,
  }
  const open = openAccounts({
    paths: { accountNames: path.join(home, 'account-names.json'), accountLocks: path.join(home, 'locks') },
    keychain: keychain.keychain,
    secrets,
    fetch: createWebFetch(transport, 'Patchbay/test'),
    installedGeminiCli: createInstalledGeminiCli({ env: {}, platform: 'linux' }),
    providers: () => [provider],
    failed: () => refused,
    restored: (credential) => void log.push({ event: 'restored', about: { credential } }),
    log: () => ({ debug: write, info: write, warn: write }),
    now: () => clock.now,
    sleep: (_ms, signal) => sleep(20, signal),
  })
  onTestFinished(async () => {
    open.close()
    await transport.close()
  })
  const { signal } = new AbortController()
  return {
    open,
    keychain,
    clock,
    log,
    refused,
    home,
    settings,
    token: async (no) => open.life.tokenFor({ provider: 'p', id: 'p/work', settings, refused: no }, signal),
    view: async (id = 'p/work') => (await open.view()).find((view) => view.id === id),
  }
}

export function newHome(): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-accounts-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
  return home
}
