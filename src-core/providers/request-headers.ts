import type { Protocol, Wire } from '../model/request.ts'
import { hopHeader, nextHop } from './loop-guard.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** Headers of a client that mean something to a service of the same protocol. Nothing else is forwarded. */
const meaningful: Record<Protocol, readonly string[]> = {
  'gemini-chat': [],
  'openai-chat': ['openai-beta'],
  'openai-responses': ['openai-beta'],
  'anthropic-messages': ['anthropic-beta', 'anthropic-version'],
}

export interface HeaderSources {
  provider: Pick<ResolvedProvider, 'headers' | 'protocol'>
  credential: Record<string, string>
  userAgent: string
  /** This gateway's id, for the loop guard. */
  hop: string
  accept: string
  hasBody: boolean
  /** The client's request; missing for requests of our own. */
  wire?: Pick<Wire, 'headers' | 'protocol'>
}

/** All headers of a request to a provider, lower case. What the config says wins over ours, the credential over all. */
export function requestHeaders(sources: HeaderSources): Record<string, string> {
  const { provider, credential, userAgent, hop, accept, hasBody, wire } = sources
  const headers: Record<string, string> = { accept, 'accept-encoding': 'identity', 'user-agent': userAgent }
  if (hasBody) headers['content-type'] = 'application/json'
  for (const name in provider.headers) headers[name.toLowerCase()] = provider.headers[name]!
  if (wire?.protocol === provider.protocol) {
    for (const name of meaningful[provider.protocol]) {
      const value = wire.headers[name]
      if (typeof value === 'string') headers[name] = value
    }
  }
  Object.assign(headers, credential)
  headers[hopHeader] = nextHop(wire?.headers ?? {}, hop)
  return headers
}
