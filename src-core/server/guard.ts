import type { IncomingHttpHeaders } from 'node:http'
import { isOwnHost } from '../http/own-host.ts'
import { GatewayError } from '../model/error.ts'

export interface GuardOptions {
  /** The address the gateway is bound to. */
  host: string
  allowedOrigins(): readonly string[]
  /** Whether a key is asked for at this moment. */
  asksForKey(): boolean
  /** Is this the client key? Known also while none is asked for: it must never travel on. */
  isClientKey(given: string): boolean
}

/** A request that may go on: its path without key or prefix, and only the headers that are the caller's own. */
export interface Admitted {
  path: string
  headers: IncomingHttpHeaders
}

const keyHeaders = ['x-goog-api-key', 'x-api-key', 'api-key'] as const

export interface Guard {
  /** Host and Origin. Throws `forbidden`. */
  checkAddress(headers: IncomingHttpHeaders): void
  /** What a page of an allowed origin must read in an answer; undefined for everyone else. */
  pageHeaders(headers: IncomingHttpHeaders): Record<string, string> | undefined
  /** The client key. Throws `unauthorized`. */
  takeKey(url: string, headers: IncomingHttpHeaders): Admitted
}

/** What a browser asks first, and may keep for ten minutes. */
const preflight = { 'access-control-allow-methods': 'GET, POST', 'access-control-max-age': '600' }
const exposed =
  'x-patchbay-request-id, x-patchbay-route, x-patchbay-target, x-patchbay-attempts, x-patchbay-context, retry-after'

/**
 * Checks Host, Origin and client key before a body is read. The client key leaves here: what other
 * credentials the caller sent stay its own.
 */
export function createGuard(options: GuardOptions): Guard {
  let knownHost: string | undefined

  function checkHost(headers: IncomingHttpHeaders): void {
    const host = headers.host
    if (host !== undefined && host === knownHost) return
    if (host === undefined || !isOwnHost(host, options.host)) {
      throw new GatewayError(
        'forbidden',
        'Patchbay only answers requests addressed to this computer (127.0.0.1, localhost or the address it is bound to); this one names another host.',
      )
    }
    knownHost = host
  }

  function checkOrigin(headers: IncomingHttpHeaders): void {
    const origin = headers.origin
    if (origin === undefined || options.allowedOrigins().includes(origin)) return
    throw new GatewayError(
      'forbidden',
      'Patchbay refuses requests made by web pages. Add the page to gateway.allowedOrigins in the config if it is yours.',
    )
  }

  return {
    checkAddress(headers) {
      checkHost(headers)
      checkOrigin(headers)
    },
    pageHeaders(headers) {
      const { origin } = headers
      if (origin === undefined || !options.allowedOrigins().includes(origin)) return undefined
      const allowed = {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': exposed,
        vary: 'origin',
      }
      if (headers['access-control-request-method'] === undefined) return allowed
      const asked = headers['access-control-request-headers']
      return { ...allowed, ...preflight, ...(asked ? { 'access-control-allow-headers': asked } : {}) }
    },
    takeKey: (url, headers) => takeKey(url, headers, options),
  }
}

function takeKey(url: string, headers: IncomingHttpHeaders, { asksForKey, isClientKey }: GuardOptions): Admitted {
  const prefixed = /^\/k\/([^/?]+)(\/.*)$/.exec(url)
  const apart = headers['x-patchbay-key']
  const ownPlace = prefixed?.[1] ?? (typeof apart === 'string' ? apart : undefined)

  // Wherever it stands, the client key goes no further; what else the caller sent stays its own.
  const dropped: string[] = []
  let given = false
  for (const name of keyHeaders) {
    const value = headers[name]
    if (typeof value !== 'string' || value === '') continue
    given = true
    if (isClientKey(value)) dropped.push(name)
  }
  const bearer = headers.authorization
  if (bearer !== undefined) {
    given = true
    if (/^bearer /i.test(bearer) && isClientKey(bearer.slice(7).trim())) dropped.push('authorization')
  }
  const found = dropped.length > 0
  for (const name of never) if (headers[name] !== undefined) dropped.push(name)
  const query = takeQueryKey(prefixed ? prefixed[2]! : url, isClientKey)
  const admitted = { path: query.path, headers: without(headers, dropped) }
  if (!asksForKey()) return admitted
  if (ownPlace !== undefined) {
    if (isClientKey(ownPlace)) return admitted
    throw wrongKey()
  }
  if (query.found || found) return admitted
  throw given || query.given ? wrongKey() : noKey()
}

/** Headers nothing behind the guard may see. */
const never = ['x-patchbay-key', 'cookie']

function without(headers: IncomingHttpHeaders, dropped: readonly string[]): IncomingHttpHeaders {
  if (dropped.length === 0) return headers
  const left: IncomingHttpHeaders = {}
  for (const name in headers) if (!dropped.includes(name)) left[name] = headers[name]
  return left
}

function takeQueryKey(
  path: string,
  isClientKey: (given: string) => boolean,
): { path: string; found: boolean; given: boolean } {
  const mark = path.indexOf('?')
  if (mark < 0 || !path.includes('key=', mark)) return { path, found: false, given: false }
  const parameters = new URLSearchParams(path.slice(mark + 1))
  const key = parameters.get('key')
  if (key === null) return { path, found: false, given: false }
  if (!isClientKey(key)) return { path, found: false, given: true }
  parameters.delete('key')
  const rest = parameters.toString()
  return { path: rest === '' ? path.slice(0, mark) : `${path.slice(0, mark)}?${rest}`, found: true, given: true }
}

function wrongKey(): GatewayError {
  return new GatewayError(
    'unauthorized',
    'This is not the client key of this Patchbay. Run `npm run connect -- gemini-cli` to see the right one.',
  )
}

function noKey(): GatewayError {
  return new GatewayError(
    'unauthorized',
    'Patchbay needs its client key: send it as x-goog-api-key, x-api-key, api-key or Authorization: Bearer. Run `npm run connect -- gemini-cli` to see it.',
  )
}
