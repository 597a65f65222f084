import * as oauth from 'oauth4webapi'
import { isInClear, type OAuthSettings } from '../../config/oauth-settings.ts'
import { GatewayError } from '../../model/error.ts'
import type { Account } from './account.ts'
import { accountFrom, plainAnswer } from './token-answer.ts'
import { inClear, noAnswer, notReached, refusal } from './token-failure.ts'
import type { WebFetch } from './web-fetch.ts'

/** What a login and its later life ask of a service. Every failure is a GatewayError, judged by `token-failure.ts`. */
export interface TokenService {
  /** With the client it signs in as. */
  settings: OAuthSettings
  /** For a code the browser brought; throws where the answer does not belong to what we asked. */
  exchange(callback: URLSearchParams, asked: CodeQuestion, signal: AbortSignal): Promise<Account>
  refresh(account: Account & { refreshToken: string }, signal: AbortSignal): Promise<Account>
  beginDevice(verifier: string | undefined, signal: AbortSignal): Promise<oauth.DeviceAuthorizationResponse>
  pollDevice(deviceCode: string, verifier: string | undefined, signal: AbortSignal): Promise<Account>
  /** Only where there is a `revokeUrl`. */
  revoke(token: string, signal: AbortSignal): Promise<void>
  /** Who signed in, where the service says it. */
  labelOf(account: Account, signal: AbortSignal): Promise<string | undefined>
}

/** What we sent the browser away with. */
export interface CodeQuestion {
  redirectUri: string
  state: string
  verifier?: string
  nonce?: string
}

export interface TokenServiceOptions {
  provider: string
  settings: OAuthSettings
  /** The value behind `settings.clientSecret`. */
  clientSecret: string | undefined
  fetch: WebFetch
  now(): number
}

/** Clocks that differ by so much are no reason to refuse an identity token. */
const clockToleranceSeconds = 600

export function createTokenService(options: TokenServiceOptions): TokenService {
  const { provider, settings, clientSecret, now } = options
  const fetch: WebFetch = async (url, request) => {
    if (isInClear(url)) throw inClear({ provider, url })
    return options.fetch(url, request).catch((thrown) => {
      throw notReached(thrown, { provider, url })
    })
  }
  const server = serverOf(settings)
  const client: oauth.Client = { client_id: settings.clientId ?? '', [oauth.clockTolerance]: clockToleranceSeconds }
  const clientAuth = clientAuthOf(settings, clientSecret)
  /** `fetch` has its own idea of what may go in clear: to this machine alone. */
  const request = (signal: AbortSignal) => ({
    signal,
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (
      url: string,
      { method, headers, body, signal: ends }: oauth.CustomFetchOptions<string, unknown>,
    ) => fetch(url, { method, headers, body: body === undefined ? undefined : String(body), signal: ends }),
  })
  const toToken = { provider, url: settings.tokenUrl ?? '' }
  const plain = (response: Response, ...secrets: (string | undefined)[]) =>
    plainAnswer(response, settings, { ...toToken, secrets: [clientSecret, ...secrets] })

  /** An answer that came, and yet is not what was asked for: the library says what is wrong with it. */
  async function judged<Value>(doing: Promise<Value>): Promise<Value> {
    try {
      return await doing
    } catch (thrown) {
      if (thrown instanceof oauth.AuthorizationResponseError) {
        throw refusal(thrown.error, thrown.error_description, { provider, url: settings.authorizationUrl ?? '' })
      }
      if (!(thrown instanceof oauth.OperationProcessingError || thrown instanceof oauth.UnsupportedOperationError))
        throw thrown
      // its cause holds the answer, tokens included
      const words = `${new URL(toToken.url).host} answered the login of provider ${provider} with something that cannot be trusted: ${thrown.message}.`
      throw new GatewayError('provider-error', words, { providerCode: thrown.code })
    }
  }

  async function exchangeForKey(callback: URLSearchParams, asked: CodeQuestion, signal: AbortSignal): Promise<Account> {
    const code = callback.get('code')
    if (!code) throw refusal(callback.get('error') ?? 'access_denied', undefined, toToken)
    const question = { code, code_verifier: asked.verifier, code_challenge_method: 'S256' }
    const askedAt = now()
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const response = await fetch(toToken.url, { method: 'POST', headers, body: JSON.stringify(question), signal })
    const answer = (await (await plain(response, code, asked.verifier)).json()) as oauth.TokenEndpointResponse
    if (typeof answer.access_token !== 'string' || answer.access_token === '')
      throw noAnswer(response.status, null, toToken)
    return accountFrom(answer, { settings, askedAt })
  }

  return {
    settings,
    async exchange(callback, asked, signal) {
      if (settings.yields === 'key') return exchangeForKey(callback, asked, signal)
      const { redirectUri, state, verifier, nonce } = asked
      const checked = await judged(
        (async () => oauth.validateAuthResponse(server, client, withoutIssuer(callback, settings), state))(),
      )
      const askedAt = now()
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        clientAuth,
        checked,
        redirectUri,
        verifier ?? oauth.nopkce,
        request(signal),
      )
      const answer = await judged(
        oauth.processAuthorizationCodeResponse(
          server,
          client,
          await plain(response, checked.get('code') ?? '', verifier),
          {
            expectedNonce: nonce ?? oauth.expectNoNonce,
            requireIdToken: nonce !== undefined,
          },
        ),
      )
      const email = oauth.getValidatedIdTokenClaims(answer)?.email
      return { ...accountFrom(answer, { settings, askedAt }), ...(typeof email === 'string' && { label: email }) }
    },
    async refresh(before, signal) {
      const askedAt = now()
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        clientAuth,
        before.refreshToken,
        request(signal),
      )
      const answer = await judged(
        oauth.processRefreshTokenResponse(server, client, await plain(response, before.refreshToken)),
      )
      return accountFrom(answer, { settings, askedAt, before })
    },
    async beginDevice(verifier, signal) {
      const parameters = new URLSearchParams({ ...settings.extraParams })
      if (settings.scopes.length > 0) parameters.set('scope', settings.scopes.join(' '))
      if (verifier !== undefined) {
        parameters.set('code_challenge', await oauth.calculatePKCECodeChallenge(verifier))
        parameters.set('code_challenge_method', 'S256')
      }
      const response = await oauth.deviceAuthorizationRequest(server, client, clientAuth, parameters, request(signal))
      const answer = await plainAnswer(response, settings, { provider, url: settings.deviceUrl ?? '' })
      return judged(oauth.processDeviceAuthorizationResponse(server, client, answer))
    },
    async pollDevice(deviceCode, verifier, signal) {
      const askedAt = now()
      const additionalParameters = verifier === undefined ? undefined : { code_verifier: verifier }
      const asking = { ...request(signal), additionalParameters }
      const response = await oauth.deviceCodeGrantRequest(server, client, clientAuth, deviceCode, asking)
      const answer = await judged(
        oauth.processDeviceCodeResponse(server, client, await plain(response, deviceCode, verifier)),
      )
      return accountFrom(answer, { settings, askedAt })
    },
    async revoke(token, signal) {
      const response = await oauth.revocationRequest(server, client, clientAuth, token, request(signal))
      if (!response.ok) throw noAnswer(response.status, null, { provider, url: settings.revokeUrl ?? '' })
    },
    async labelOf({ accessToken }, signal) {
      if (settings.userInfoUrl === undefined) return undefined
      const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` }
      const response = await fetch(settings.userInfoUrl, { method: 'GET', headers, signal })
      const asked = { provider, url: settings.userInfoUrl }
      const said = (await (await plainAnswer(response, settings, asked)).json()) as Record<string, unknown>
      return [said.email, said.preferred_username, said.name].find((name) => typeof name === 'string')
    },
  }
}

function serverOf(settings: OAuthSettings): oauth.AuthorizationServer {
  return {
    // without an issuer nothing is checked against it: `withoutIssuer` and `plainAnswer` take out what would be
    issuer: settings.issuer ?? settings.tokenUrl ?? '',
    authorization_endpoint: settings.authorizationUrl,
    token_endpoint: settings.tokenUrl,
    device_authorization_endpoint: settings.deviceUrl,
    revocation_endpoint: settings.revokeUrl,
    id_token_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'Ed25519', 'EdDSA'],
  }
}

function clientAuthOf({ clientAuth }: OAuthSettings, secret: string | undefined): oauth.ClientAuth {
  if (secret === undefined) return oauth.None()
  return clientAuth === 'basic' ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret)
}

function withoutIssuer(callback: URLSearchParams, { issuer }: OAuthSettings): URLSearchParams {
  const parameters = new URLSearchParams(callback)
  if (issuer === undefined) parameters.delete('iss')
  return parameters
}
