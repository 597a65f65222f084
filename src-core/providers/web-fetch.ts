import type { WebFetch } from '../auth/oauth/web-fetch.ts'
import { readBody } from './read-body.ts'
import type { Transport } from './transport.ts'

const timeouts = { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000 }
const bodyLimit = 1024 * 1024

/** A web `fetch` for small answers over the transport: with its proxy, its certificates and its failures in words. */
export function createWebFetch(transport: Pick<Transport, 'send'>, userAgent: string): WebFetch {
  return async (url, { method, headers, body, signal = new AbortController().signal }) => {
    const response = await transport.send({
      method,
      url: new URL(url),
      headers: { ...headers, 'user-agent': userAgent },
      body: body === undefined ? undefined : Buffer.from(body),
      timeouts,
      signal,
    })
    const { status } = response
    const text = await readBody(response.body, bodyLimit)
    // the few that say something of an answer; the others may hold cookies
    const told = ['content-type', 'retry-after'].flatMap((name) => {
      const value = response.headers[name]
      return typeof value === 'string' ? [[name, value] as [string, string]] : []
    })
    return new Response(status === 204 || status === 304 ? null : text.toString('utf8'), { status, headers: told })
  }
}
