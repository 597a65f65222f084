import { GatewayError } from '../model/error.ts'
import type { CredentialOwner, CredentialQuestion } from './credentials.ts'

const names = ['authorization', 'x-goog-api-key', 'api-key', 'x-api-key'] as const
/** Who asks belongs to a login: Code Assist serves the CLI it was made for. */
const codeAssistNames = ['user-agent', 'x-goog-api-client', 'x-goog-user-project'] as const

type Headers = Record<string, string>

/** The caller's own provider credential, unchanged; the server has already taken the gateway's client key out. */
export function callersHeaders(provider: CredentialOwner, wire: CredentialQuestion['wire']): Headers {
  if (wire && (wire.envelope === 'code-assist') !== (provider.envelope === 'code-assist')) throw otherRoad(provider)
  const headers: Headers = {}
  take(headers, names, wire)
  const inQuery = Object.keys(headers).length === 0 && wire?.path.includes('key=') ? queryKey(wire.path) : undefined
  if (inQuery) headers['x-goog-api-key'] = inQuery
  if (Object.keys(headers).length === 0) {
    throw new GatewayError(
      'no-credential',
      `Provider ${provider.id} forwards the caller's own key, and this request brought none. Send it in ${provider.apiKeyHeader}, and the gateway's client key in x-patchbay-key or the path (/k/KEY).`,
    )
  }
  take(headers, provider.envelope === 'code-assist' ? codeAssistNames : ['x-gemini-api-privileged-user-id'], wire)
  return headers
}

function take(headers: Headers, wanted: readonly string[], wire: CredentialQuestion['wire']): void {
  for (const name of wanted) {
    const value = wire?.headers[name]
    if (typeof value === 'string' && value !== '') headers[name] = value
  }
}

function queryKey(path: string): string | undefined {
  return new URLSearchParams(path.slice(path.indexOf('?') + 1)).get('key') || undefined
}

/** A login is for one service: a token of Code Assist goes nowhere else, and no other key goes there. */
function otherRoad({ id, envelope }: CredentialOwner): GatewayError {
  const words =
    envelope === 'code-assist'
      ? `Provider ${id} forwards the Gemini CLI's own Google login, and this request is not the CLI's: it comes with CODE_ASSIST_ENDPOINT at Patchbay and a sign-in with Google.`
      : `Provider ${id} forwards the caller's own key, and this caller brought a Google login, which is for Code Assist alone: give the provider a key of its own.`
  return new GatewayError('no-credential', words)
}
