import type { IncomingHttpHeaders } from 'node:http'
import { isOwnHost } from '../http/own-host.ts'
import { GatewayError } from '../model/error.ts'

export interface GuardOptions {
  /** The address the gateway is bound to. */
  host: string
  allowedOrigins(): readonly string[]
  /** Whether a key is asked for at this moment. */
  asksForKey(): boolean
  /** Which client key this is; undefined: none. Known also while none is asked for: it must never travel on. */
  clientKeyName(given: string): string | undefined
}

/** A request that may go on: its path without key or prefix, and only the headers that are the caller's own. */
export interface Admitted {
  /** The name of the key that was shown. */
  clientKey?: string
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

/** The same guard, which lets nobody in once its time is over. */
export function whileOpen(guard: Guard, isOpen: () => boolean): Guard {
  return {
    ...guard,
    checkAddress(headers) {
      if (!isOpen()) throw new GatewayError('forbidden', 'Patchbay is no longer open to the network.')
      guard.checkAddress(headers)
    },
  }
}

function takeKey(url: string, headers: IncomingHttpHeaders, { asksForKey, clientKeyName }: GuardOptions): Admitted {
  const prefixed = url.startsWith('/k/') ? /^\/k\/([^/?]+)(\/.*)$/.exec(url) : null
  const apart = headers['x-patchbay-key']
  const ownPlace = prefixed?.[1] ?? (typeof apart === 'string' ? apart : undefined)

  // Wherever it stands, the client key goes no further; what else the caller sent stays its own.
  const dropped: string[] = []
  let given = false
  let clientKey: string | undefined
  for (const name of keyHeaders) {
    const value = headers[name]
    if (typeof value !== 'string' || value === '') continue
    given = true
    const known = clientKeyName(value)
    if (known === undefined) continue
    clientKey = known
    dropped.push(name)
  }
  const bearer = headers.authorization
  if (bearer !== undefined) {
    given = true
    const known = /^bearer /i.test(bearer) ? clientKeyName(bearer.slice(7).trim()) : undefined
    if (known !== undefined) dropped.push('authorization')
    clientKey ??= known
  }
  for (const name of never) if (headers[name] !== undefined) dropped.push(name)
  const query = takeQueryKey(prefixed ? prefixed[2]! : url, clientKeyName)
  if (ownPlace !== undefined) clientKey = clientKeyName(ownPlace)
  else clientKey ??= query.found
  const admitted = { clientKey, path: query.path, headers: without(headers, dropped) }
  if (clientKey !== undefined || !asksForKey()) return admitted
  if (ownPlace !== undefined) throw wrongKey()
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
  clientKeyName: GuardOptions['clientKeyName'],
): { path: string; found?: string; given: boolean } {
  const mark = path.indexOf('?')
  if (mark < 0 || !path.includes('key=', mark)) return { path, given: false }
  const parameters = new URLSearchParams(path.slice(mark + 1))
  const key = parameters.get('key')
  if (key === null) return { path, given: false }
  const found = clientKeyName(key)
  if (found === undefined) return { path, given: true }
  parameters.delete('key')
  const rest = parameters.toString()
  return { path: rest === '' ? path.slice(0, mark) : `${path.slice(0, mark)}?${rest}`, found, given: true }
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
