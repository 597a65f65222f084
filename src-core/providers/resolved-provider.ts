import type { OAuthSettings } from '../config/oauth-settings.ts'
import type { FailureRule, OwnSearch, ServiceProfile, WaitRule } from '../config/service-profile-schema.ts'
import type { Envelope, Protocol } from '../model/request.ts'

/** A provider of the config with its profile applied: all that calling it needs. */
export interface ResolvedProvider {
  id: string
  name: string
  /** The profile's id. */
  profile: string
  protocol: Protocol
  envelope: Envelope
  /** Code Assist: the Google Cloud project the config names. */
  project?: string
  /** No trailing slash; may carry a query (`?api-version=…`), which is kept and merged. */
  baseUrl: string
  enabled: boolean
  /** The demo provider: answered here, nothing is sent. */
  builtIn: boolean
  headers: Record<string, string>
  apiKeyHeader: ApiKeyHeader
  credentials: ProviderCredential[]
  /** How one signs in; undefined where neither profile nor config says. */
  oauth?: OAuthSettings
  timeouts: { connectMs: number; firstByteMs: number; idleMs: number }
  /** Where the service differs from its family: `chat`, `embeddings`, `models`, … as a path under the base or a whole address. */
  endpoints?: Readonly<Record<string, string>>
  /** Azure: with it the classic deployments road is taken. */
  apiVersion?: string
  /** How its models search the web by themselves; undefined when they do not. */
  webSearch?: OwnSearch
  /** How models and limits are read from the service; `none` when it has no such list or the config says off. */
  discovery: DiscoveryKind
  /** The provider's own rules first, then its profile's. */
  failures: FailureRule[]
  waits: WaitRule[]
}

export type DiscoveryKind = ServiceProfile['discovery']
export type ApiKeyHeader = 'authorization' | 'x-goog-api-key' | 'api-key' | 'x-api-key' | 'x-subscription-token'

export interface ProviderCredential {
  alias: string
  type: 'apikey' | 'oauth' | 'client' | 'none'
  /** A reference such as `env:NAME`; never the value. */
  secret?: string
  /** Of type oauth: which account, when it is not named like the credential. */
  account?: string
}
