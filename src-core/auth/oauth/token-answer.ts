import type { TokenEndpointResponse } from 'oauth4webapi'
import type { OAuthSettings } from '../../config/oauth-settings.ts'
import { isObject, type JsonObject } from '../../model/json.ts'
import type { Account } from './account.ts'
import { type Asked, noAnswer, refusal } from './token-failure.ts'

/** Our name for a field of the answer: its standard name, which a service may call otherwise (`tokenFields`). */
const standard: Record<string, string> = {
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  expiresIn: 'expires_in',
  scope: 'scope',
  tokenType: 'token_type',
  idToken: 'id_token',
}

/**
 * The answer of a token or device endpoint as the standard wants it, whatever the service's dialect. Throws the verdict
 * when it is a refusal, or no answer at all.
 */
export async function plainAnswer(response: Response, settings: OAuthSettings, asked: Asked): Promise<Response> {
  const text = await response.text()
  // whatever a service says while it fails is not believed
  const json = response.status >= 500 ? undefined : jsonIn(text)
  if (json && typeof json.error === 'string') throw refusal(json.error, json.error_description, asked)
  if (!json || !response.ok) throw noAnswer(response.status, response.headers.get('retry-after'), asked)
  return Response.json(inStandardWords(json, settings), { status: 200 })
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

function inStandardWords(json: JsonObject, { tokenFields, issuer }: OAuthSettings): JsonObject {
  const plain: JsonObject = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
  for (const [ours, theirs] of Object.entries(tokenFields)) {
    const name = standard[ours]
    if (name === undefined || plain[theirs] === undefined) continue
    plain[name] = plain[theirs]
    if (name !== theirs) delete plain[theirs]
  }
  // it goes into a header
  if (!/^[\x21-\x7e]+$/.test(String(plain.access_token))) delete plain.access_token
  if (plain.access_token !== undefined) plain.token_type ??= 'bearer'
  if (plain.expires_in !== undefined) {
    const seconds = Number(plain.expires_in)
    if (seconds > 0) plain.expires_in = seconds
    else delete plain.expires_in
  }
  // without an issuer nobody could say whether it is right
  if (issuer === undefined) delete plain.id_token
  return plain
}

/**
 * The account an answer makes. `expires_in` is counted from `askedAt`, when the request went out by our own clock: then
 * the service's clock does not matter. What the answer leaves out stays as it was in `before`.
 */
export function accountFrom(
  answer: TokenEndpointResponse,
  { settings, askedAt, before }: { settings: OAuthSettings; askedAt: number; before?: Account },
): Account {
  const facts: Record<string, string> = { ...before?.facts }
  for (const [ours, theirs] of Object.entries(settings.tokenFields)) {
    const value = answer[theirs]
    if (standard[ours] === undefined && typeof value === 'string') facts[ours] = value
  }
  const refreshToken = answer.refresh_token ?? before?.refreshToken
  return {
    accessToken: answer.access_token,
    ...(refreshToken && { refreshToken }),
    ...(answer.expires_in !== undefined && { expiresAt: askedAt + answer.expires_in * 1000 }),
    obtainedAt: askedAt,
    scopes: answer.scope?.split(' ').filter((scope) => scope !== '') ?? before?.scopes ?? settings.scopes,
    ...(before?.label !== undefined && { label: before.label }),
    facts,
  }
}
