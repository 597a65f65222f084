import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../../config/atomic-write.ts'
import { isObject, type JsonObject } from '../../model/json.ts'
import type { Account } from '../oauth/account.ts'
import type { Found, ProfileFacts } from './importable.ts'

export interface CredentialFilesOptions {
  env: Readonly<Record<string, string | undefined>>
  userHome: string
  profile(id: string): ProfileFacts | undefined
  now(): number
}

interface CredentialFile {
  id: string
  /** In the user's home; the first that is there counts. */
  paths: readonly string[]
  /** The variable that moves this program's home. */
  movedBy?: string
  read(content: JsonObject, now: number): Pick<Found, 'account' | 'hurdle'>
}

const files: readonly CredentialFile[] = [
  { id: 'gemini-cli', paths: ['.gemini/oauth_creds.json'], movedBy: 'GEMINI_CLI_HOME', read: geminiCli },
  { id: 'qwen', paths: ['.qwen/oauth_creds.json'], read: nothingToTake },
  { id: 'iflow', paths: ['.iflow/oauth_creds.json', '.iflow/iflow_accounts.json'], read: nothingToTake },
]

const largest = 256 * 1024

/** The logins of other programs' files that are there. The files are read and never written. */
export async function findCredentialFiles(options: CredentialFilesOptions): Promise<Found[]> {
  const found = await Promise.all(files.map((file) => look(file, options)))
  return found.filter((one) => one !== undefined)
}

async function look(file: CredentialFile, options: CredentialFilesOptions): Promise<Found | undefined> {
  const { env, userHome, profile, now } = options
  const home = (file.movedBy && env[file.movedBy]) || userHome
  for (const relative of file.paths) {
    const from = path.join(home, relative)
    const content = await readObject(from)
    if (content === undefined) continue
    const { status, oauth } = profile(file.id) ?? {}
    const login = oauth?.status ?? status
    const found: Found = { id: file.id, from, kind: 'account', profile: file.id }
    if (login?.state === 'restricted' && login.because) found.note = login.because
    if (login?.state === 'retired') return { ...found, hurdle: login.because ?? 'This login is no longer served.' }
    if (typeof content === 'string') return { ...found, hurdle: content }
    const { account, hurdle } = file.read(content, now())
    if (!account) return { ...found, hurdle }
    const label = await activeAccount(path.join(path.dirname(from), 'google_accounts.json'))
    const named = label === undefined ? account : { ...account, label }
    return { ...found, label, scopes: account.scopes, expiresAt: account.expiresAt, account: named }
  }
  return undefined
}

const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform'

/** As google-auth-library writes it. Its refresh tokens are not changed by a refresh, so two programs may hold one. */
function geminiCli(content: JsonObject, now: number): Pick<Found, 'account' | 'hurdle'> {
  const { access_token: access, refresh_token: refresh, scope, expiry_date: expires } = content
  if (typeof refresh !== 'string' || refresh === '')
    return { hurdle: 'It holds nothing that lasts longer than an hour: sign in with the Gemini CLI again.' }
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
  if (!scopes.includes(cloudPlatform))
    return { hurdle: 'Its login does not reach Code Assist: sign in with the Gemini CLI again.' }
  const account: Account = {
    // without one, the refresh that comes first brings it
    accessToken: typeof access === 'string' && access !== '' ? access : 'none-yet',
    refreshToken: refresh,
    expiresAt: typeof access === 'string' && typeof expires === 'number' ? expires : now,
    obtainedAt: now,
    scopes,
    facts: {},
  }
  return { account }
}

function nothingToTake(): Pick<Found, 'hurdle'> {
  return { hurdle: 'Logins of this kind cannot be taken over: use an API key.' }
}

/** Undefined: there is no such file; words: why it cannot be read. */
async function readObject(file: string): Promise<JsonObject | string | undefined> {
  try {
    const { size } = await fs.stat(file)
    if (size > largest) return 'The file is far too large for a login.'
    const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'))
    return isObject(value) ? (value as JsonObject) : 'The file holds no login.'
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) return undefined
    if (thrown instanceof SyntaxError) return 'The file is no JSON.'
    if (hasCode(thrown, 'EACCES', 'EPERM', 'EISDIR')) return 'The file cannot be read: check its permissions.'
    throw thrown
  }
}

async function activeAccount(file: string): Promise<string | undefined> {
  const content = await readObject(file)
  const active = isObject(content) ? content.active : undefined
  return typeof active === 'string' ? active : undefined
}
