import { oauthSettings } from '../config/oauth-settings.ts'
import type { Config, Provider } from '../config/schema.ts'
import type { AuthKind, OwnSearch, ProviderType, ServiceProfile } from '../config/service-profile-schema.ts'
import { credentialsOf } from '../config/views.ts'
import type { Protocol } from '../model/request.ts'
import type { ApiKeyHeader, ProviderCredential, ResolvedProvider } from './resolved-provider.ts'
import type { Profiles } from './service-profile.ts'

const protocols: Record<ProviderType, Protocol> = {
  openai: 'openai-chat',
  gemini: 'gemini-chat',
  'openai-responses': 'openai-responses',
  anthropic: 'anthropic-messages',
}

/** What a provider without a profile of its own goes by. */
const familyProfiles: Record<ProviderType, string> = {
  openai: 'openai-compatible',
  gemini: 'gemini',
  'openai-responses': 'openai-compatible',
  anthropic: 'anthropic',
}

const familyKeyHeaders: Record<ProviderType, ApiKeyHeader> = {
  openai: 'authorization',
  gemini: 'x-goog-api-key',
  'openai-responses': 'authorization',
  anthropic: 'x-api-key',
}

/** What a plain provider of the family is asked with to search. */
const familySearches: Partial<Record<ProviderType, OwnSearch>> = {
  openai: { engine: 'chat', fields: { web_search_options: {} } },
  gemini: { engine: 'gemini' },
}

/** The profile a provider goes by; undefined when it names one that does not exist. */
export function profileOf(provider: Provider, profiles: Profiles): ServiceProfile | undefined {
  return profiles.get(provider.profile ?? familyProfiles[provider.type ?? 'openai'])
}

/** A provider with its profile's facts under its own. */
export function resolveProvider(options: {
  id: string
  provider: Provider
  profile: ServiceProfile
  timeouts: Config['virtualrouter']['timeouts']
}): ResolvedProvider {
  const { id, provider, profile, timeouts } = options
  const type = provider.type ?? profile.type
  return {
    id,
    name: provider.name ?? (provider.profile === undefined ? id : profile.name),
    profile: profile.id,
    protocol: protocols[type],
    envelope: provider.envelope ?? (type === profile.type ? (profile.envelope ?? 'none') : 'none'),
    project: provider.project ?? profile.project,
    baseUrl: provider.baseUrl ?? profile.baseUrl ?? '',
    enabled: provider.enabled,
    builtIn: profile.builtIn,
    headers: { ...profile.headers, ...provider.headers },
    apiKeyHeader:
      provider.apiKeyHeader ?? (type === profile.type ? profile.apiKeyHeader : undefined) ?? familyKeyHeaders[type],
    credentials: credentials(provider, profile.auth),
    oauth: oauthSettings(profile, provider),
    timeouts: { ...timeouts, ...profile.timeouts, ...provider.timeouts },
    apiVersion: provider.apiVersion ?? profile.apiVersion,
    endpoints: profile.endpoints || provider.endpoints ? { ...profile.endpoints, ...provider.endpoints } : undefined,
    webSearch: profile.builtIn
      ? undefined
      : (provider.webSearch ?? (type === profile.type ? profile.webSearch : undefined) ?? familySearches[type]),
    discovery: provider.discovery === 'off' || profile.builtIn ? 'none' : profile.discovery,
    failures: [...(provider.failures ?? []), ...(profile.failures ?? [])],
    waits: [...(provider.waits ?? []), ...(profile.waits ?? [])],
  }
}

function credentials(provider: Provider, kinds: readonly AuthKind[]): ProviderCredential[] {
  const written = credentialsOf(provider).map(
    ({ alias, type, secret, account }): ProviderCredential => ({
      alias,
      type,
      ...(secret !== undefined && { secret }),
      ...(account !== undefined && { account }),
    }),
  )
  // Without a word about it: nothing where the service asks for nothing, else a key that nobody has stored yet.
  return written.length > 0 ? written : [{ alias: 'default', type: kinds.includes('none') ? 'none' : kinds[0]! }]
}
