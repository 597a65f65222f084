import type { Config } from '../config/schema.ts'
import type { FailureRule } from '../config/service-profile-schema.ts'
import type { SearchServiceName } from '../config/web-search-schema.ts'
import { plainDialect, type Target } from '../model/target.ts'
import type { ProviderCredential, ResolvedProvider } from './resolved-provider.ts'

type Service = Pick<ResolvedProvider, 'name' | 'baseUrl' | 'apiKeyHeader' | 'failures'>

const nowhere: FailureRule = {
  status: [404, 410],
  kind: 'needs-user-action',
  say: '{service} has no search at {host}: check the baseUrl of {provider}.',
}

/** Services that search and are no providers of models: what is known of them. */
const services: Record<SearchServiceName, Service> = {
  brave: {
    name: 'Brave Search',
    baseUrl: 'https://api.search.brave.com/res/v1',
    apiKeyHeader: 'x-subscription-token',
    failures: [
      { code: '^subscription_token_invalid$', kind: 'bad-credentials' },
      { code: '^quota_limited$|^usage_limit_exceeded$', kind: 'quota-exhausted' },
      { code: '^option_not_in_plan$|^resource_not_allowed$', kind: 'permission' },
      nowhere,
    ],
  },
  tavily: {
    name: 'Tavily',
    baseUrl: 'https://api.tavily.com',
    apiKeyHeader: 'authorization',
    failures: [{ status: [432, 433], kind: 'quota-exhausted' }, nowhere],
  },
  searxng: {
    name: 'SearXNG',
    baseUrl: '',
    apiKeyHeader: 'authorization',
    failures: [
      {
        status: 403,
        kind: 'needs-user-action',
        say: 'The SearXNG at {host} gives no JSON: add json to search.formats in its settings.yml.',
      },
      {
        status: 429,
        kind: 'rate-limited',
        say: 'The limiter of the SearXNG at {host} let this search not through: try again{wait}, or let this machine pass it.',
      },
      nowhere,
    ],
  },
}

/** One of them as the config has it, in the shape every other service is called in. */
export function searchService(options: {
  /** Of the engine. */
  id: string
  service: SearchServiceName
  baseUrl: string | undefined
  secret: string | undefined
  timeouts: Config['virtualrouter']['timeouts']
}): { provider: ResolvedProvider; target: Target } {
  const { service, baseUrl, secret, timeouts } = options
  const known = services[service]
  // no provider of the config can have this name
  const id = `web search ${options.id}`
  const alias = 'default'
  const credential: ProviderCredential =
    secret === undefined ? { alias, type: 'none' } : { alias, type: 'apikey', secret }
  return {
    provider: {
      ...known,
      id,
      profile: service,
      protocol: 'openai-chat',
      envelope: 'none',
      baseUrl: baseUrl ?? known.baseUrl,
      enabled: true,
      builtIn: false,
      headers: {},
      credentials: [credential],
      timeouts,
      discovery: 'none',
      waits: [],
    },
    target: {
      id,
      provider: id,
      credential: alias,
      model: 'search',
      protocol: 'openai-chat',
      envelope: 'none',
      maxContextTokens: 0,
      limitFrom: 'default',
      dialect: plainDialect,
    },
  }
}
