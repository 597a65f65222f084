import { type Params, send } from './chromium.ts'

/** Chromium knows no schemes of ours: `app://host/x` is shown to it as `https://host.app.standin.invalid/x`. */

type Handler = (request: Request) => Response | Promise<Response>

const schemes = new Set<string>()
const handlers = new Map<string, Handler>()

export const protocol = {
  registerSchemesAsPrivileged(wanted: { scheme: string }[]): void {
    for (const { scheme } of wanted) schemes.add(scheme)
  },
  handle: (scheme: string, handler: Handler): void => void handlers.set(scheme, handler),
}

export function toChromium(url: string): string {
  const [, scheme, host, rest] = /^([a-z]+):\/\/([^/?#]*)(.*)$/i.exec(url) ?? []
  return scheme && schemes.has(scheme) ? `https://${host}.${scheme}.standin.invalid${rest || '/'}` : url
}

export const toElectron = (url: string): string =>
  url.replace(/^https:\/\/([^/]*)\.([^.]+)\.standin\.invalid/, '$2://$1')

export const interceptedPattern = { patterns: [{ urlPattern: 'https://*.standin.invalid/*' }] }

/** Answers a request Chromium holds back with what the scheme's handler says. */
export async function answerPaused({ requestId, request }: Params, session: string): Promise<void> {
  const url = toElectron(request.url)
  const handler = handlers.get(url.split(':')[0]!)
  if (!handler) return void (await send('Fetch.failRequest', { requestId, errorReason: 'AddressUnreachable' }, session))
  // fetch knows no such scheme either: the request says what it is asked for
  const asked = new Request(request.url, { method: request.method, headers: request.headers, body: request.postData })
  Object.defineProperty(asked, 'url', { value: url })
  const response = await handler(asked)
  const answer = {
    requestId,
    responseCode: response.status,
    responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  }
  await send('Fetch.fulfillRequest', answer, session)
}
