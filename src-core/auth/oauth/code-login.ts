import * as oauth from 'oauth4webapi'
import type { OAuthSettings } from '../../config/oauth-settings.ts'
import { sameKey } from '../client-key.ts'
import type { Account } from './account.ts'
import { LoginError } from './login-error.ts'
import { type Loopback, LoopbackTaken, openLoopback } from './loopback.ts'
import type { TokenService } from './token-service.ts'

/** One login by a browser that comes back with a code. */
export interface CodeLogin {
  /** Where the person signs in. */
  url: string
  /** What to do when the browser cannot come back by itself. */
  note?: string
  /** For what the browser brings or a person pastes; once. Throws a LoginError at once, rejects with the verdict. */
  accept(callback: URL): Promise<Account>
  /** What is worth something until the login ends: never to be written anywhere. */
  secrets: readonly string[]
  close(): void
}

export interface CodeLoginOptions {
  settings: OAuthSettings
  service: Pick<TokenService, 'exchange'>
  /** Called with what a browser brings; resolves with words for its page. */
  cameBack: (callback: URL) => Promise<string>
  signal: AbortSignal
}

/** Rejects with a LoginError where no browser could come back. */
export async function openCodeLogin({ settings, service, cameBack, signal }: CodeLoginOptions): Promise<CodeLogin> {
  const asked = { ...newQuestion(settings), redirectUri: '' }
  const { listener, port, note } = await listen(settings, cameBack)
  const { host, path } = settings.redirect
  // a service that gives no state back gives back the path
  const cameBackTo = settings.yields === 'key' ? `${path.replace(/\/$/, '')}/${asked.state}` : path
  asked.redirectUri = `http://${host}:${port}${cameBackTo}`
  let used = false
  const secrets = asked.verifier === undefined ? [] : [asked.verifier]

  function check({ pathname, searchParams }: URL): void {
    if (pathname !== (cameBackTo || '/'))
      throw new LoginError('elsewhere', 'This is not where the login comes back to.')
    if (settings.yields === 'tokens' && !sameKey(searchParams.get('state') ?? '', asked.state)) {
      throw new LoginError('foreign', 'What came back belongs to another login; this one is still waiting.')
    }
    if (used) throw new LoginError('over', 'This login has already been completed.')
  }

  return {
    url: await authorizationUrl(settings, asked),
    note,
    secrets,
    accept(callback) {
      check(callback)
      used = true
      secrets.push(callback.searchParams.get('code') ?? '')
      return service.exchange(callback.searchParams, asked, signal)
    },
    close: () => listener?.close(),
  }
}

function newQuestion({ pkce, scopes, issuer }: OAuthSettings) {
  return {
    state: oauth.generateRandomState(),
    verifier: pkce ? oauth.generateRandomCodeVerifier() : undefined,
    // it comes back in the identity token, which is read where the issuer is known
    nonce: scopes.includes('openid') && issuer !== undefined ? oauth.generateRandomNonce() : undefined,
  }
}

async function listen(
  { redirect }: OAuthSettings,
  cameBack: CodeLoginOptions['cameBack'],
): Promise<{ listener?: Loopback; port: number; note?: string }> {
  try {
    const listener = await openLoopback(redirect, cameBack)
    return { listener, port: listener.port }
  } catch (thrown) {
    if (!(thrown instanceof LoopbackTaken)) throw thrown
    const where = `${redirect.host}:${redirect.port}`
    if (redirect.port === 0) {
      throw new LoginError(
        'refused',
        `Nothing can be listened on at ${redirect.host}: correct oauth.redirect.host.`,
        thrown,
      )
    }
    const note = `${where} is taken by another program, so the browser cannot come back by itself: after signing in, copy the address it shows and paste it here.`
    return { port: redirect.port, note }
  }
}

interface Question {
  redirectUri: string
  state: string
  verifier: string | undefined
  nonce: string | undefined
}

async function authorizationUrl(settings: OAuthSettings, asked: Question): Promise<string> {
  const url = new URL(settings.authorizationUrl ?? '')
  const { searchParams } = url
  const set = (name: string, value: string | undefined) => value !== undefined && searchParams.set(name, value)
  for (const [name, value] of Object.entries(settings.extraParams)) set(name, value)
  if (settings.yields === 'key') {
    set('callback_url', asked.redirectUri)
  } else {
    set('response_type', 'code')
    set('client_id', settings.clientId)
    set('redirect_uri', asked.redirectUri)
    set('state', asked.state)
    set('nonce', asked.nonce)
    if (settings.scopes.length > 0) set('scope', settings.scopes.join(' '))
  }
  if (asked.verifier !== undefined) {
    set('code_challenge', await oauth.calculatePKCECodeChallenge(asked.verifier))
    set('code_challenge_method', 'S256')
  }
  return url.href
}
