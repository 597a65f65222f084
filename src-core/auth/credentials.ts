import { loginHurdle, type OAuthSettings } from '../config/oauth-settings.ts'
import { GatewayError } from '../model/error.ts'
import type { Envelope, Wire } from '../model/request.ts'
import { callersHeaders } from './callers-headers.ts'
import { accountId } from './oauth/account.ts'
import type { AccountLife } from './oauth/account-life.ts'
import type { SecretReader } from './secrets.ts'

/** What a credential needs to know about its provider; every resolved provider has it. */
export interface CredentialOwner {
  id: string
  envelope: Envelope
  apiKeyHeader: 'authorization' | 'x-goog-api-key' | 'api-key' | 'x-api-key' | 'x-subscription-token'
  credentials: readonly {
    alias: string
    type: 'apikey' | 'oauth' | 'client' | 'none'
    secret?: string
    account?: string
  }[]
  oauth?: OAuthSettings
}

export interface CredentialQuestion {
  provider: CredentialOwner
  /** The credential's alias. */
  credential: string
  /** The client's request; `client` credentials are read from it. Missing for requests of our own. */
  wire?: Pick<Wire, 'headers' | 'path' | 'envelope'>
  /** What the provider has just refused: something else is given where there is something else. */
  refused?: Headers
}

type Headers = Record<string, string>

/** The one question about credentials: which headers prove that we may ask this provider? */
export interface Credentials {
  /** At once where nothing has to be fetched; throws or rejects with `no-credential` or `bad-credentials`. */
  headersFor(question: CredentialQuestion, signal: AbortSignal): Headers | Promise<Headers>
}

export interface CredentialsOptions {
  secrets: SecretReader
  accounts: Pick<AccountLife, 'tokenFor'>
}

export function createCredentials({ secrets, accounts }: CredentialsOptions): Credentials {
  return {
    headersFor({ provider, credential, wire, refused }, signal) {
      const chosen = provider.credentials.find(({ alias }) => alias === credential)
      if (!chosen) {
        throw new GatewayError('no-credential', `Provider ${provider.id} has no credential named ${credential}.`)
      }
      switch (chosen.type) {
        case 'none':
          return {}
        case 'client':
          return callersHeaders(provider, wire)
        case 'oauth': {
          const settings = provider.oauth
          if (!settings) throw new GatewayError('no-credential', loginHurdle(provider.id, settings)!)
          const id = accountId(provider.id, chosen)
          const question = { provider: provider.id, id, settings, refused: refused && secretIn(refused) }
          const token = accounts.tokenFor(question, signal)
          const headers = settings.yields === 'key' ? keyHeaders : tokenHeaders
          return typeof token === 'string' ? headers(provider, token) : token.then((later) => headers(provider, later))
        }
        case 'apikey': {
          if (!chosen.secret) {
            throw new GatewayError(
              'no-credential',
              `Provider ${provider.id} has no API key. Name one: auth: { type: apikey, secret: "env:NAME" }.`,
              { path: `virtualrouter.providers.${provider.id}.auth` },
            )
          }
          const unreadable = (thrown: unknown): never => {
            throw withOwner(thrown, provider, credential)
          }
          try {
            const key = secrets.resolve(chosen.secret)
            if (typeof key === 'string') return keyHeaders(provider, key)
            return key.then((value) => keyHeaders(provider, value), unreadable)
          } catch (thrown) {
            return unreadable(thrown)
          }
        }
      }
    },
  }
}

/** What is missing, and for whom: there may be several providers, and several credentials at one. */
function withOwner(thrown: unknown, { id, credentials }: CredentialOwner, alias: string): unknown {
  if (!(thrown instanceof GatewayError)) return thrown
  const which = credentials.length > 1 ? ` named “${alias}”` : ''
  return new GatewayError(thrown.kind, `Provider ${id} has no credential${which}: ${thrown.message}`, { cause: thrown })
}

function keyHeaders(provider: CredentialOwner, key: string): Headers {
  const name = provider.apiKeyHeader
  return { [name]: name === 'authorization' ? `Bearer ${key}` : key }
}

const tokenHeaders = (_: CredentialOwner, token: string): Headers => ({ authorization: `Bearer ${token}` })

const secretIn = (headers: Headers): string | undefined => Object.values(headers)[0]?.replace(/^Bearer /, '')
