import { isLoopbackHost, isWildcardHost } from '../config/loopback.ts'
import { ConnectError } from './connect-error.ts'

/** What the client has to know of the gateway. `clientKey` is null when the gateway asks for none. */
export interface GatewayAddress {
  url: string
  clientKey: string | null
}

/** A configured provider, as far as it matters for a loop. */
export interface UpstreamAddress {
  id: string
  baseUrl: string
}

/** Throws a ConnectError where the CLI would stop with less helpful words. */
function clientBaseUrl(written: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    throw new ConnectError(`"${written}" has no scheme, and the Gemini CLI would refuse it. Write http://${written}.`)
  }
  if (!URL.canParse(written)) throw new ConnectError(`"${written}" is not a web address.`)
  const url = new URL(written)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConnectError(`"${written}" must begin with http:// or https://.`)
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConnectError('The gateway address must not carry a name, a password, a query or a fragment.')
  }
  const path = url.pathname.replace(/\/+$/, '')
  if (/\/v1(beta\d*)?$/.test(path)) {
    throw new ConnectError(
      `Leave out "${path.slice(path.lastIndexOf('/'))}" at the end: the Gemini CLI adds it itself.`,
    )
  }
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  return url.origin + path
}

/** The gateway as a client on this machine has to write it down. */
export function clientGateway({ url, clientKey }: GatewayAddress): GatewayAddress {
  if (clientKey !== null && !/^[\x21-\x7e]+$/.test(clientKey)) {
    throw new ConnectError('The client key must be plain characters without spaces or a line break.')
  }
  return { url: clientBaseUrl(url), clientKey }
}

/** A provider that leads back to the gateway would send every request round in a circle. */
export function refuseLoop(gatewayUrl: string, upstreams: readonly UpstreamAddress[]): void {
  for (const { id, baseUrl } of upstreams) {
    if (!URL.canParse(baseUrl) || endpoint(baseUrl) !== endpoint(gatewayUrl)) continue
    throw new ConnectError(
      `The provider "${id}" in your Patchbay config has the gateway's own address (${baseUrl}), so every request ` +
        `would go round in a circle. Set virtualrouter.providers.${id}.baseUrl to the real service first.`,
    )
  }
}

function endpoint(address: string): string {
  const { hostname, port, protocol } = new URL(address)
  const loopback = isLoopbackHost(hostname) || isWildcardHost(hostname)
  return `${loopback ? 'loopback' : hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}
