import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { suggestion } from './nearest.ts'
import type { Path, Report } from './problem.ts'
import type { KnownProfiles } from './references.ts'
import { isOAuthSpelling } from './schema.ts'
import type { ServiceProfile } from './service-profile-schema.ts'

/** What a target may name at a provider. */
export interface ProviderNames {
  /** Names and patterns with `*`; undefined when nothing is known, then any name will do. */
  models: readonly string[]
  aliases: readonly string[]
}

export function checkProviders(
  providers: JsonObject,
  profiles: KnownProfiles,
  report: Report,
): ReadonlyMap<string, ProviderNames> {
  const names = new Map<string, ProviderNames>()
  for (const [id, provider] of Object.entries(providers)) {
    if (!isObject(provider)) {
      names.set(id, { models: ['*'], aliases: [] }) // the schema has reported it
      continue
    }
    const path = ['virtualrouter', 'providers', id]
    const profile = checkProfile(provider, path, profiles, report)
    if (profile !== 'unknown') checkWaysIn(provider, profile, [...path, 'auth'], report)
    const aliases = checkAliases(provider.auth, [...path, 'auth'], report)
    const own = isObject(provider.models) ? Object.keys(provider.models) : []
    const listed = own.length > 0 ? own : profile === 'unknown' ? ['*'] : Object.keys(profile?.models ?? {})
    const renamed = isObject(provider.modelMap) ? Object.keys(provider.modelMap) : []
    names.set(id, { models: [...listed, ...renamed], aliases })
  }
  return names
}

function checkProfile(provider: JsonObject, path: Path, profiles: KnownProfiles, report: Report) {
  const { profile: id, type, baseUrl } = provider
  if (id === undefined) {
    if (type === undefined) {
      report(path, 'needs a profile or a type', `Write profile: NAME with one of ${[...profiles.keys()].join(', ')}.`)
    } else if (baseUrl === undefined) {
      report(
        [...path, 'baseUrl'],
        'is missing',
        'A provider without a profile needs its address, ending in the version.',
      )
    }
    return undefined
  }
  const profile = typeof id === 'string' ? profiles.get(id) : undefined
  if (!profile) {
    if (typeof id === 'string') {
      report([...path, 'profile'], `unknown profile ${id}`, suggestion(id, profiles.keys(), 'There are none.'))
    }
    return 'unknown'
  }
  if (baseUrl === undefined && profile.baseUrl === undefined && profile.builtIn !== true) {
    report(
      [...path, 'baseUrl'],
      'is missing',
      `The profile ${id} has no address of its own; give the one of your server.`,
    )
  }
  return profile
}

/** A key where nobody takes one, or a login that nobody describes, could never serve. */
function checkWaysIn(
  provider: JsonObject,
  profile: Partial<ServiceProfile> | undefined,
  path: Path,
  report: Report,
): void {
  const ways = profile?.auth
  if (!ways) return
  const credentials = Array.isArray(provider.auth) ? provider.auth : [provider.auth]
  for (const [index, credential] of credentials.entries()) {
    if (!isObject(credential) || typeof credential.type !== 'string') continue
    const way = isOAuthSpelling(credential.type) ? 'oauth' : credential.type
    const described = ways.some((each) => each === way) || (way === 'oauth' && provider.oauth !== undefined)
    if (described || (way !== 'apikey' && way !== 'oauth')) continue
    const at = Array.isArray(provider.auth) ? [...path, index, 'type'] : [...path, 'type']
    report(at, `the profile ${profile.id} has no ${way}`, `Write one of: ${ways.join(', ')}.`)
  }
}

function checkAliases(auth: Json | undefined, path: Path, report: Report): string[] {
  const credentials = Array.isArray(auth) ? auth : auth === undefined ? [] : [auth]
  const seen: string[] = []
  for (const [index, credential] of credentials.entries()) {
    if (!isObject(credential)) continue
    const alias = credential.alias
    if (alias === undefined) {
      if (credentials.length > 1) {
        report([...path, index, 'alias'], 'is missing', 'Several credentials of one provider each need an alias.')
      } else seen.push('default')
    } else if (typeof alias === 'string') {
      if (seen.includes(alias)) report([...path, index, 'alias'], `a second credential named ${alias}`, 'Rename one.')
      seen.push(alias)
    }
  }
  return credentials.length === 0 ? ['default'] : seen
}
