import http from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** What a token request meets instead of the server: nothing at all after the server has done its part, or this. */
export type Sabotage =
  | 'the answer is lost'
  | { status: number; type?: string; text: string; headers?: Record<string, string> }

/** A real OAuth server on a port of this machine: PKCE, device codes, refresh tokens that rotate, revocation. */
export interface OAuthServer {
  url: string
  /** The `oauth` block of a provider that signs in here. */
  block: { flow: 'code' | 'device'; [key: string]: unknown }
  /** Every token request, by its grant. */
  grants: string[]
  /** Every token it has given out. */
  issued: Set<string>
  /** For the next token requests, one each. */
  sabotage(...next: Sabotage[]): void
  /** Whether the server honours an access token. */
  honours(token: string): Promise<boolean>
  /** Access tokens end before their time; refresh tokens go on. */
  expireTokens(): Promise<void>
  /** Ends what is signed in, as a user does in the account's settings. */
  endAll(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface OAuthServerOptions {
  /** How long an access token lives. */
  seconds?: number
  /** A refresh token used again ends the login; without it the old one goes on serving. */
  rotate?: boolean
  /** Client secret of a confidential client. */
  secret?: string
}

export async function startOAuthServer({
  seconds = 3600,
  rotate = true,
  secret,
}: OAuthServerOptions = {}): Promise<OAuthServer> {
  let handle: http.RequestListener = (_request, response) => response.destroy()
  const server = http.createServer((request, response) => handle(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const grants: string[] = []
  const issued = new Set<string>()
  const queued: Sabotage[] = []

  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'patchbay-test',
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1/back', 'http://localhost/back'],
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        ...(secret === undefined
          ? { token_endpoint_auth_method: 'none' as const }
          : { token_endpoint_auth_method: 'client_secret_post' as const, client_secret: secret }),
      },
    ],
    features: { deviceFlow: { enabled: true }, revocation: { enabled: true } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.test` }) }),
    claims: { openid: ['sub'], email: ['email'] },
    conformIdTokenClaims: false,
    issueRefreshToken: () => true,
    rotateRefreshToken: rotate,
    ttl: { AccessToken: seconds, Session: 3600, Interaction: 3600, Grant: 3600 },
  })
  const serve = provider.callback()
  provider.on('grant.success', ({ oidc, body }) => {
    grants.push(String(oidc.params?.grant_type))
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      const token = (body as Record<string, unknown>)[name]
      if (typeof token === 'string') issued.add(token)
    }
  })
  provider.on('grant.error', ({ oidc }) => grants.push(`${oidc.params?.grant_type} refused`))

  handle = (request, response) => {
    const next = request.url === '/token' ? queued.shift() : undefined
    if (next === 'the answer is lost') {
      response.writeHead = () => response
      response.write = () => true
      response.end = () => response.destroy()
      return void serve(request, response)
    }
    if (next === undefined) return void serve(request, response)
    grants.push(`sabotaged with ${next.status}`)
    response.writeHead(next.status, { 'content-type': next.type ?? 'text/html', ...next.headers }).end(next.text)
  }

  return {
    url,
    block: {
      flow: 'code',
      issuer: url,
      authorizationUrl: `${url}/auth`,
      tokenUrl: `${url}/token`,
      deviceUrl: `${url}/device/auth`,
      revokeUrl: `${url}/token/revocation`,
      userInfoUrl: `${url}/me`,
      clientId: 'patchbay-test',
      scopes: ['openid', 'email'],
    },
    grants,
    issued,
    sabotage: (...next) => void queued.push(...next),
    async honours(token) {
      const { status } = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })
      return status === 200
    },
    async expireTokens() {
      for (const token of issued) await (await provider.AccessToken.find(token))?.destroy()
    },
    async endAll() {
      for (const token of issued) {
        await (await provider.AccessToken.find(token))?.destroy()
        await (await provider.RefreshToken.find(token))?.destroy()
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/**
 * What a person does in a browser, without one: opens the page and sends each form there is, until the server sends
 * the browser to another address, which is given back and not opened; undefined where it ends on a page.
 */
export async function signInAt(page: string, login = 'ada'): Promise<string | undefined> {
  const { origin } = new URL(page)
  const cookies = new Map<string, string>()
  let at: { url: string; form?: URLSearchParams } | undefined = { url: page }
  for (let step = 0; at && step < 20; step += 1) {
    if (new URL(at.url).origin !== origin) return at.url
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response: Response = await fetch(at.url, {
      method: at.form ? 'POST' : 'GET',
      body: at.form,
      headers: { cookie },
      redirect: 'manual',
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      cookies.set(name!, value!)
    }
    const location = response.headers.get('location')
    at = location ? { url: new URL(location, at.url).href } : formIn(await response.text(), at.url, login)
  }
  return undefined
}

function formIn(html: string, page: string, login: string): { url: string; form: URLSearchParams } | undefined {
  const form = /<form[^>]*>[\s\S]*?<\/form>/.exec(html)?.[0]
  if (!form) return undefined
  const fields = new URLSearchParams()
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    if (name) fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? login)
  }
  return { url: new URL(/action="([^"]*)"/.exec(form)?.[1] ?? page, page).href, form: fields }
}
