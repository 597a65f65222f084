import { GatewayError } from '../model/error.ts'
import type { Wire } from '../model/request.ts'
import type { SecretReader } from './secrets.ts'

/** What a credential needs to know about its provider; every resolved provider has it. */
export interface CredentialOwner {
  id: string
  apiKeyHeader: 'authorization' | 'x-goog-api-key' | 'api-key' | 'x-api-key' | 'x-subscription-token'
  credentials: readonly { alias: string; type: 'apikey' | 'oauth' | 'client' | 'none'; secret?: string }[]
}

export interface CredentialQuestion {
  provider: CredentialOwner
  /** The credential's alias. */
  credential: string
  /** The client's request; `client` credentials are read from it. Missing for requests of our own. */
  wire?: Pick<Wire, 'headers' | 'path'>
  /** The provider has just refused what was given: nothing remembered may be used. */
  fresh?: boolean
}

type Headers = Record<string, string>

/** The one question about credentials: which headers prove that we may ask this provider? */
export interface Credentials {
  /** At once where nothing has to be fetched; throws or rejects with `no-credential`. */
  headersFor(question: CredentialQuestion, signal: AbortSignal): Headers | Promise<Headers>
}

export function createCredentials({ secrets }: { secrets: SecretReader }): Credentials {
  return {
    headersFor({ provider, credential, wire }) {
      const chosen = provider.credentials.find(({ alias }) => alias === credential)
      if (!chosen) {
        throw new GatewayError('no-credential', `Provider ${provider.id} has no credential named ${credential}.`)
      }
      switch (chosen.type) {
        case 'none':
          return {}
        case 'client':
          return callersHeaders(provider, wire)
        case 'oauth':
          throw new GatewayError(
            'no-credential',
            `OAuth login for provider ${provider.id} is not available in this version; use an API key.`,
          )
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

const callersNames = ['authorization', 'x-goog-api-key', 'api-key', 'x-api-key'] as const

/** The caller's own provider credential, unchanged; the server has already taken the gateway's client key out. */
function callersHeaders(provider: CredentialOwner, wire: CredentialQuestion['wire']): Headers {
  const headers: Headers = {}
  for (const name of callersNames) {
    const value = wire?.headers[name]
    if (typeof value === 'string' && value !== '') headers[name] = value
  }
  const inQuery = Object.keys(headers).length === 0 && wire?.path.includes('key=') ? queryKey(wire.path) : undefined
  if (inQuery) headers['x-goog-api-key'] = inQuery
  if (Object.keys(headers).length === 0) {
    throw new GatewayError(
      'no-credential',
      `Provider ${provider.id} forwards the caller's own key, and this request brought none. Send it in ${provider.apiKeyHeader}, and the gateway's client key in x-patchbay-key or the path (/k/KEY).`,
    )
  }
  const user = wire?.headers['x-gemini-api-privileged-user-id']
  if (typeof user === 'string') headers['x-gemini-api-privileged-user-id'] = user
  return headers
}

function queryKey(path: string): string | undefined {
  return new URLSearchParams(path.slice(path.indexOf('?') + 1)).get('key') || undefined
}
