import type { AnswerOf } from '../../../src-core/control/contract.ts'
import type { Config, Path, Step, Value } from '../../draft/config-value.ts'
import { freeName } from '../../draft/free-name.ts'
import { usesOf } from './provider-uses.ts'

export type Profile = AnswerOf<'listProfiles'>['profiles'][number]

const place = (id: string): Path => ['virtualrouter', 'providers', id]

/** A name for a new provider that is not taken: `litellm`, else `litellm-2` and so on. */
export function freeId(config: Config, wanted: string): string {
  return freeName(wanted, 'provider', Object.keys(config.virtualrouter.providers))
}

/** A provider of this service, with the credential it usually asks for under a name of its own. */
export function addProvider(id: string, profile: Profile): Step[] {
  const kind = profile.auth[0]
  const value: Record<string, Value> = { profile: profile.id }
  if (profile.baseUrl !== undefined) value.baseUrl = profile.baseUrl
  // a sign-in needs an account, which only the one who signs in can name
  if (kind !== 'oauth')
    value.auth = kind === 'apikey' ? { type: kind, secret: `keychain:${id}` } : { type: kind ?? 'none' }
  return [{ path: place(id), value }]
}

/** The same service once more, under another name and switched off: two of one kind are wanted on purpose only. */
export function duplicateProvider(config: Config, id: string, name: string): Step[] {
  const written = JSON.parse(JSON.stringify(config.virtualrouter.providers[id])) as Record<string, Value>
  const lean = Object.entries(written).filter(([key, value]) => !isDefault(key, value))
  return [{ path: place(name), value: { ...Object.fromEntries(lean), enabled: false } }]
}

/** What the schema filled in need not be written down. */
function isDefault(key: string, value: unknown): boolean {
  if (key === 'discovery') return value === 'on'
  if (key === 'enabled') return value === true
  return key === 'headers' && JSON.stringify(value) === '{}'
}

/** The provider and every place that points at it; pools that are left without a target go with it. */
export function deleteProvider(config: Config, id: string): Step[] {
  // from behind, so that the places of what is still to go stay true
  const uses = usesOf(config, id).map(({ path }) => ({ path }))
  return [...uses.reverse(), { path: place(id) }]
}
