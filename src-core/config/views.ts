import type { Config, Credential, Provider, Routing } from './schema.ts'

/** The config read in the shapes its readers ask for. */

export interface RoutingGroupView {
  id: string
  label: string
  /** Its own mappings; those of the top level follow them in every group. */
  modelMapping: Record<string, string>
  routing: Routing
}

/** All routing groups; the routing at the top is the one named `default`. */
export function routingGroups(config: Config): RoutingGroupView[] {
  const { routing, routingGroups: groups } = config.virtualrouter
  const named = Object.entries(groups).map(([id, group]) => ({ ...group, id, label: group.label ?? id }))
  if (named.length > 0 && Object.keys(routing).length === 0) return named
  return [{ id: 'default', label: 'default', modelMapping: {}, routing }, ...named]
}

export function activeGroup(config: Config): RoutingGroupView {
  const groups = routingGroups(config)
  return groups.find((group) => group.id === config.virtualrouter.activeGroup) ?? groups[0]!
}

/** A provider's credentials, each with its alias; `default` when it has no name. Empty when the profile decides. */
export function credentialsOf(provider: Provider): (Credential & { alias: string })[] {
  const auth = provider.auth === undefined ? [] : Array.isArray(provider.auth) ? provider.auth : [provider.auth]
  return auth.map((credential) => ({ ...credential, alias: credential.alias ?? 'default' }))
}

/** What a secret of the keychain serves: credentials (`provider[alias]`), as a key or to sign in with, and search engines (`web search ID`). */
export function usersOfSecret(config: Config, name: string): string[] {
  const { providers, webSearch } = config.virtualrouter
  const isIt = (secret: string | undefined) => secret === `keychain:${name}`
  const credentials = Object.entries(providers).flatMap(([id, provider]) =>
    credentialsOf(provider).flatMap(({ alias, type, secret }) =>
      isIt(type === 'oauth' ? provider.oauth?.clientSecret : secret) ? `${id}[${alias}]` : [],
    ),
  )
  return [...credentials, ...webSearch.engines.flatMap(({ id, secret }) => (isIt(secret) ? `web search ${id}` : []))]
}

/** Providers of which the config now says something else, and those it no longer has. */
export function changedProviders(before: Config, after: Config): string[] {
  const { providers } = after.virtualrouter
  return Object.entries(before.virtualrouter.providers).flatMap(([id, provider]) =>
    JSON.stringify(provider) === JSON.stringify(providers[id]) ? [] : id,
  )
}
