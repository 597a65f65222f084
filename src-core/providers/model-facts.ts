import type { Provider } from '../config/schema.ts'
import type { ServiceProfile } from '../config/service-profile-schema.ts'
import { type Dialect, plainDialect, type Target } from '../model/target.ts'
import { longestMatch } from './longest-match.ts'

export type Limits = { maxContextTokens?: number; maxOutputTokens?: number }
export type ModelFacts = Pick<Target, 'model' | 'maxContextTokens' | 'limitFrom' | 'maxOutputTokens' | 'dialect'>

const defaultWindow = 200_000

/** Whether a name is let through: what the config lists; what profile or service list when the config lists nothing. */
export function knowsModel(options: {
  name: string
  provider: Provider
  profile: ServiceProfile
  reported: (model: string) => Limits | undefined
}): boolean {
  const { name, provider, profile, reported } = options
  if (Object.hasOwn(provider.models, name) || Object.hasOwn(provider.models, '*')) return true
  if (provider.modelMap && Object.hasOwn(provider.modelMap, name)) return true
  if (Object.keys(provider.models).length > 0) return false
  return longestMatch(profile.models, name) !== undefined || reported(name) !== undefined
}

/** What is known of one model: the config's word, then the service's own, then the profile's. */
export function modelFacts(options: {
  name: string
  provider: Provider
  profile: ServiceProfile
  reported: (model: string) => Limits | undefined
}): ModelFacts {
  const { name, provider, profile, reported } = options
  const own = Object.hasOwn(provider.models, name) ? provider.models[name]! : (provider.models['*'] ?? {})
  const model = renamed(name, provider.modelMap) ?? renamed(name, profile.modelMap) ?? name
  const told = reported(model) ?? reported(name) ?? {}
  const known = longestMatch(profile.models, name) ?? {}
  const fromWire = model === name ? known : (longestMatch(profile.models, model) ?? known)
  const [maxContextTokens, limitFrom] = firstLimit([
    [own.maxContextTokens, 'config'],
    [told.maxContextTokens, 'reported'],
    [fromWire.maxContextTokens, 'profile'],
  ])
  const maxOutputTokens = own.maxOutputTokens ?? told.maxOutputTokens ?? fromWire.maxOutputTokens
  return {
    model,
    maxContextTokens,
    limitFrom,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    dialect: dialectOf({ provider, profile, known: fromWire.dialect, own: own.dialect }),
  }
}

function firstLimit(candidates: [number | undefined, Target['limitFrom']][]): [number, Target['limitFrom']] {
  for (const [limit, from] of candidates) if (limit !== undefined) return [limit, from]
  return [defaultWindow, 'default']
}

/** Plain, then the profile's, the profile's for the model, the provider's, the provider's for the model. */
function dialectOf(options: {
  provider: Provider
  profile: ServiceProfile
  known?: Partial<Dialect>
  own?: Partial<Dialect>
}): Dialect {
  const { provider, profile, known, own } = options
  const layers = [plainDialect, profile.dialect, known, provider.dialect, own]
  const dialect: Dialect = Object.assign({}, ...layers)
  const dropped = [provider.dropParams ?? profile.dropParams ?? [], ...layers.map((layer) => layer?.dropParams ?? [])]
  return { ...dialect, dropParams: [...new Set(dropped.flat())] }
}

function renamed(name: string, map: Record<string, string> | undefined): string | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined
}
