import fs from 'node:fs/promises'
import { createClientKey } from './auth/client-key.ts'
import { openKeychain } from './auth/open-keychain.ts'
import { hasCode } from './config/atomic-write.ts'
import { parseConfig } from './config/parse.ts'
import { patchbayHome, pathsIn, type Surroundings } from './config/paths.ts'
import { ConfigError } from './config/problem.ts'
import type { KeychainBackendName } from './config/schema.ts'
import { loadProfiles } from './providers/service-profile.ts'

/** What can be said of the gateway without starting it. */
export interface KnownGateway {
  port: number
  /** Null when the config asks for none. */
  clientKey: string | null
  upstreams: { id: string; baseUrl: string }[]
}

export function stateFolder(around: Surroundings): string {
  return pathsIn(patchbayHome(around)).state
}

/** Reads the config and the client key (made here when this is the first start). Throws a ConfigError. */
export async function knownGateway(around: Surroundings, configFile?: string): Promise<KnownGateway> {
  const paths = pathsIn(patchbayHome(around))
  const { profiles } = await loadProfiles({ folder: paths.profiles })
  const text = await readConfig(configFile ?? paths.config, configFile !== undefined)
  const withKey = async (backend: KeychainBackendName) => {
    const keychain = await openKeychain(around, backend)
    try {
      return (await createClientKey({ file: paths.clientKey, keychain })).key
    } finally {
      keychain.close()
    }
  }
  if (text === undefined) return { port: usualPort, clientKey: await withKey('keyring'), upstreams: [] }
  const parsed = parseConfig(text, { knownProfiles: profiles })
  if ('problems' in parsed) throw new ConfigError('invalid', parsed.problems)
  const { gateway, secrets, virtualrouter } = parsed.config
  const upstreams = Object.entries(virtualrouter.providers).flatMap(([id, provider]) => {
    const baseUrl = provider.baseUrl ?? profiles.get(provider.profile ?? '')?.baseUrl
    return baseUrl === undefined ? [] : [{ id, baseUrl }]
  })
  const clientKey = gateway.clientAuth.mode === 'none' ? null : await withKey(secrets.backend)
  return { port: gateway.port, clientKey, upstreams }
}

/** Without a config file the gateway starts here, with what it finds. */
const usualPort = 4141

/** Undefined when there is none and none was named. */
export async function readConfig(file: string, named: boolean): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8')
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) {
      throw new ConfigError(
        'invalid',
        [{ path: file, message: 'cannot be read', hint: 'Check its permissions.' }],
        cause,
      )
    }
    if (!named) return undefined
    throw new ConfigError('missing', [{ path: file, message: 'there is no such file', hint: 'Check the path.' }], cause)
  }
}
