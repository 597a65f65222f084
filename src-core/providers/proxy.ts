import { isLoopbackHost, isWildcardHost, plainHost } from '../config/loopback.ts'
import { GatewayError } from '../model/error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The corporate proxy a URL is reached through, by the environment's usual variables; undefined for the direct road. */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (isLoopbackHost(url.hostname) || isWildcardHost(url.hostname)) return undefined
  const scheme = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const name = [scheme, 'all_proxy'].find((candidate) => variable(env, candidate) !== '')
  if (!name || isExempt(url, variable(env, 'no_proxy'))) return undefined
  const value = variable(env, name)
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const proxy = URL.canParse(address) ? new URL(address) : undefined
  if (!proxy || !proxySchemes.has(proxy.protocol) || proxy.hostname === '') {
    // The value may hold a password: it is not repeated.
    throw new GatewayError(
      'provider-unreachable',
      `The environment variable ${name.toUpperCase()} is not a proxy address; expected http://HOST:PORT.`,
    )
  }
  return proxy
}

const proxySchemes = new Set(['http:', 'https:', 'socks:', 'socks5:'])

/** Lower case first, as curl does; an empty value counts as unset. */
function variable(env: Environment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim()
}

/** NO_PROXY: `*`, hosts with their subdomains, `*.` or `.` suffixes, each with an optional port. */
function isExempt(url: URL, noProxy: string): boolean {
  const host = plainHost(url.hostname)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '') return false
    const { name, port: onlyPort } = splitPort(entry)
    if (onlyPort !== undefined && onlyPort !== port) return false
    if (name === '*') return true
    const suffix = plainHost(name.replace(/^\*?\./, ''))
    return host.endsWith(`.${suffix}`) || (host === suffix && !name.startsWith('*'))
  })
}

function splitPort(entry: string): { name: string; port?: string } {
  const found = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry)
  return found ? { name: found[1]!, port: found[2]! } : { name: entry }
}
