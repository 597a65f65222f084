import { isLoopbackHost, isWildcardHost, plainHost } from '../config/loopback.ts'
import { GatewayError } from '../model/error.ts'
import type { Wire } from '../model/request.ts'

export const hopHeader = 'x-patchbay-hop'
const maxHops = 3

export interface Listening {
  host: string
  port: number
}

/** True when a request to this URL would come straight back to us. */
export function isOwnAddress(url: URL, listening: readonly Listening[]): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return listening.some((own) => {
    if (own.port !== port) return false
    const here = isLoopbackHost(url.hostname) || isWildcardHost(url.hostname)
    if (plainHost(own.host) === plainHost(url.hostname)) return true
    return here && (isLoopbackHost(own.host) || isWildcardHost(own.host))
  })
}

export function refuseOwnAddress(url: URL, listening: readonly Listening[], provider: string): void {
  if (!isOwnAddress(url, listening)) return
  throw new GatewayError(
    'no-target',
    `Provider ${provider} points at this gateway itself (${url.host}). Set its baseUrl to the real service.`,
    { path: `virtualrouter.providers.${provider}.baseUrl` },
  )
}

/**
 * The header that goes to the provider: every gateway on the way adds its id. A gateway that finds its own
 * id, or too many others, stops the request.
 */
export function nextHop(headers: Wire['headers'], ownId: string): string {
  const sent = headers[hopHeader]
  if (sent === undefined) return ownId
  const came = (Array.isArray(sent) ? sent.join(',') : sent)
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (came.includes(ownId)) {
    throw new GatewayError(
      'no-target',
      'This request came back to the gateway it started from: a provider leads to Patchbay itself. Check each baseUrl.',
    )
  }
  if (came.length >= maxHops) {
    throw new GatewayError(
      'no-target',
      `This request has already passed ${came.length} Patchbay gateways, one after the other. Check each baseUrl.`,
    )
  }
  return [...came, ownId].join(', ')
}
