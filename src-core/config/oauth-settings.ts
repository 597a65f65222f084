import { isLoopbackHost } from './loopback.ts'
import type { OAuthBlock } from './oauth-field.ts'

type Defaulted =
  | 'flow'
  | 'clientAuth'
  | 'scopes'
  | 'pkce'
  | 'extraParams'
  | 'tokenFields'
  | 'refreshMarginSeconds'
  | 'yields'

/** How one signs in at a provider, every default filled in. */
export type OAuthSettings = Omit<OAuthBlock, Defaulted | 'redirect'> &
  Required<Pick<OAuthBlock, Defaulted>> & { redirect: { host: string; port: number; path: string } }

interface Writer {
  oauth?: OAuthBlock
  status?: OAuthBlock['status']
}

/** A provider's keys over its profile's. undefined: neither says how one signs in. */
export function oauthSettings({ oauth: profile, status: ofService }: Writer, own: Writer): OAuthSettings | undefined {
  const provider = own.oauth
  if (!profile && !provider) return undefined
  return {
    flow: 'code',
    clientAuth: 'post',
    scopes: [],
    pkce: true,
    refreshMarginSeconds: 300,
    yields: 'tokens',
    // what is said of the whole service counts for its login too, unless more is said of that
    status: own.status ?? ofService,
    ...profile,
    ...provider,
    extraParams: { ...profile?.extraParams, ...provider?.extraParams },
    tokenFields: { ...profile?.tokenFields, ...provider?.tokenFields },
    redirect: { host: '127.0.0.1', port: 0, path: '/', ...profile?.redirect, ...provider?.redirect },
  }
}

/** What keeps a login from beginning, as a sentence with what to do. `provider` is its id. */
export function loginHurdle(provider: string, settings: OAuthSettings | undefined): string | undefined {
  const at = `virtualrouter.providers.${provider}.oauth`
  if (!settings) return `Provider ${provider} has no login: its profile knows none. Use an API key, or write ${at}.`
  const { status } = settings
  if (status?.state === 'retired') {
    return `The login of provider ${provider} is closed: ${status.because ?? 'its service no longer offers it.'}`
  }
  for (const key of needed(settings)) {
    if (settings[key] === undefined)
      return `The login of provider ${provider} needs ${at}.${key}: add it to the config.`
  }
  for (const key of ['authorizationUrl', 'tokenUrl', 'deviceUrl', 'revokeUrl', 'userInfoUrl'] as const) {
    const url = settings[key]
    if (url !== undefined && isInClear(url))
      return `${at}.${key} (${url}) would send tokens in clear: write an https address.`
  }
  return undefined
}

/** Anyone on the way could read what is sent there. */
export function isInClear(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol !== 'https:' && !isLoopbackHost(hostname)
}

function needed({ flow, yields, client }: OAuthSettings) {
  if (yields === 'key') return ['authorizationUrl', 'tokenUrl'] as const
  const urls = [flow === 'code' ? 'authorizationUrl' : 'deviceUrl', 'tokenUrl'] as const
  return client === undefined ? (['clientId', ...urls] as const) : urls
}
