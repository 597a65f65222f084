import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hasCode } from '../../config/atomic-write.ts'
import type { OAuthSettings } from '../../config/oauth-settings.ts'
import { GatewayError } from '../../model/error.ts'
import { LoginError } from './login-error.ts'
import { loginPage } from './login-page.ts'

/** Where the browser comes back to after a login. */
export interface Loopback {
  port: number
  close(): void
}

const lastWordMs = 2000

/** What came back: resolves with the words for the page when the login has succeeded. */
export type Accept = (callback: URL) => Promise<string>

/** The address is taken or not ours; a fixed one may still be completed by pasting what the browser shows. */
export class LoopbackTaken extends Error {
  override name = 'LoopbackTaken'
}

/** Listens for one login. Rejects with LoopbackTaken where it cannot. */
export function openLoopback({ host, port }: OAuthSettings['redirect'], accept: Accept): Promise<Loopback> {
  const limits = { headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 16 * 1024 }
  const server = http.createServer(limits, (message, response) => void answer(message, response, accept))
  // a name for this machine may mean its IPv6 address too, but browsers try the other one as well
  const address = host === 'localhost' ? '127.0.0.1' : host.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const known = hasCode(cause, 'EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND')
      reject(known ? new LoopbackTaken(`${host}:${port} cannot be listened on`, { cause }) : cause)
    })
    server.listen({ host: address, port }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close() {
          server.close()
          // the page of the login itself may still be on its way
          setTimeout(() => server.closeAllConnections(), lastWordMs).unref()
        },
      })
    })
  })
}

async function answer(message: IncomingMessage, response: ServerResponse, accept: Accept): Promise<void> {
  const { status, title, words } = await outcome(message, accept)
  const { headers, body } = loginPage(title, words)
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

interface Outcome {
  status: number
  title: string
  words: string
}

const nothingHere: Outcome = { status: 404, title: 'Nothing here', words: 'This address waits for a login alone.' }

async function outcome({ method, url }: IncomingMessage, accept: Accept): Promise<Outcome> {
  if (method !== 'GET' || url === undefined || !URL.canParse(url, 'http://localhost')) return nothingHere
  try {
    const words = await accept(new URL(url, 'http://localhost'))
    return { status: 200, title: 'You are signed in', words: `${words} You may close this page.` }
  } catch (thrown) {
    if (thrown instanceof LoginError) {
      if (thrown.kind === 'elsewhere') return nothingHere
      return { status: thrown.kind === 'over' ? 409 : 400, title: 'This is not your login', words: thrown.message }
    }
    const { message } = GatewayError.from(thrown)
    return { status: 400, title: 'The login did not succeed', words: message }
  }
}
