import fs from 'node:fs/promises'
import path from 'node:path'
import { hasCode } from '../config/atomic-write.ts'
import { GatewayError } from '../model/error.ts'

/** Who a program says it is when its user signs in. */
export interface OAuthClient {
  clientId: string
  clientSecret: string
}

/**
 * The OAuth client of the Gemini CLI that is installed here, read out of its own files whenever it is asked for the
 * first time, and kept in memory alone: Google gave it to that program and to no other, so whoever borrows it must want to.
 */
export interface InstalledGeminiCli {
  /** Rejects with `needs-user-action`, in words. */
  client(): Promise<OAuthClient>
  /** What must never be written anywhere. */
  inUse(): Iterable<string>
}

export interface InstalledGeminiCliOptions {
  env: Readonly<Record<string, string | undefined>>
  platform: string
}

const name = '@google/gemini-cli'

export function createInstalledGeminiCli(options: InstalledGeminiCliOptions): InstalledGeminiCli {
  let found: OAuthClient | undefined
  let reading: Promise<OAuthClient> | undefined

  async function read(): Promise<OAuthClient> {
    const folders = await packagesOf(options)
    for (const folder of folders) {
      for (const file of await filesOf(folder)) {
        const client = clientIn(await fs.readFile(file))
        if (client) {
          found = client
          return client
        }
      }
    }
    const words =
      folders.length === 0
        ? 'The Gemini CLI is not installed where Patchbay looks (PATH, npm’s global folder): install it'
        : 'The Gemini CLI that is installed holds no OAuth client where it used to'
    throw new GatewayError('needs-user-action', `${words}, or set oauth.clientId to a client of your own.`)
  }

  return {
    client() {
      reading ??= read().finally(() => {
        reading = undefined
      })
      return found ? Promise.resolve(found) : reading
    },
    inUse: () => (found ? [found.clientSecret] : []),
  }
}

/** The named constants and nothing else: a bundle holds the clients of other libraries too. */
const idPattern = /OAUTH_CLIENT_ID\s*=\s*["'](\d{6,}-[a-z0-9]+\.apps\.googleusercontent\.com)["']/
const secretPattern = /OAUTH_CLIENT_SECRET\s*=\s*["']([A-Za-z0-9_-]{20,60})["']/
/** The secret is the next statement. */
const reach = 2000

/** Found in the bytes: these files are many megabytes. */
export function clientIn(source: Buffer): OAuthClient | undefined {
  for (let at = source.indexOf('OAUTH_CLIENT_ID'); at >= 0; at = source.indexOf('OAUTH_CLIENT_ID', at + 1)) {
    const text = source.toString('latin1', at, at + reach)
    const [, clientId] = idPattern.exec(text) ?? []
    const [, clientSecret] = secretPattern.exec(text) ?? []
    if (clientId && clientSecret && text.startsWith(`OAUTH_CLIENT_ID`)) return { clientId, clientSecret }
  }
  return undefined
}

/** Where the package may lie: behind the command `gemini`, and in the global folders of npm. */
async function packagesOf({ env, platform }: InstalledGeminiCliOptions): Promise<string[]> {
  const folders: string[] = []
  const take = async (folder: string) => {
    if (!folders.includes(folder) && (await isPackage(folder))) folders.push(folder)
  }
  for (const entry of (env.PATH ?? env.Path ?? '').split(platform === 'win32' ? ';' : ':').filter(Boolean)) {
    const command = await realPath(path.join(entry, 'gemini'))
    if (command) for (const folder of parents(command)) await take(folder)
    await take(path.join(entry, 'node_modules', name)) // Windows: beside the command
    await take(path.join(entry, '..', 'lib', 'node_modules', name))
  }
  if (env.APPDATA) await take(path.join(env.APPDATA, 'npm', 'node_modules', name))
  return folders
}

const parents = (file: string): string[] => [path.dirname(file), path.dirname(path.dirname(file))]

async function isPackage(folder: string): Promise<boolean> {
  try {
    const { name: given } = JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8')) as {
      name?: unknown
    }
    return given === name
  } catch (thrown) {
    if (thrown instanceof SyntaxError || hasCode(thrown, 'ENOENT', 'ENOTDIR', 'EACCES')) return false
    throw thrown
  }
}

/** Since 0.40 everything is bundled; before, the core was a package beside it or below it. */
async function filesOf(folder: string): Promise<string[]> {
  const core = path.join('@google', 'gemini-cli-core', 'dist', 'src', 'code_assist', 'oauth2.js')
  const apart = [path.join(folder, 'node_modules', core), path.join(folder, '..', '..', core)]
  const bundle = path.join(folder, 'bundle')
  const bundled = (await entries(bundle)).filter((entry) => entry.endsWith('.js')).sort()
  const there = await Promise.all(apart.map(realPath))
  return [...there.filter((file) => file !== undefined), ...bundled.map((entry) => path.join(bundle, entry))]
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder)
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR', 'EACCES')) return []
    throw thrown
  }
}

/** Undefined when there is no such file. */
async function realPath(file: string): Promise<string | undefined> {
  try {
    return await fs.realpath(file)
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return undefined
    throw thrown
  }
}
