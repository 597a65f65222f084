import { loginHurdle } from '../config/oauth-settings.ts'
import type { Problem } from '../config/problem.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** What a config says of a provider that cannot work, as far as it is known without asking anybody. */
export function providerTroubles(provider: ResolvedProvider): Problem[] {
  const { id, enabled, credentials, oauth } = provider
  if (!enabled) return []
  const path = `virtualrouter.providers.${id}`
  if (wantsLogin(provider)) return [{ path: `${path}.auth`, message: noLogin, hint: codeAssistWays }]
  if (!credentials.some(({ type }) => type === 'oauth')) return []
  const hurdle = loginHurdle(id, oauth)
  const isClosed = oauth?.status?.state === 'retired'
  const hint = isClosed ? 'Write another auth, or take the provider out.' : 'Until then nobody can sign in there.'
  return hurdle === undefined ? [] : [{ path: `${path}.oauth`, message: hurdle.replace(/\.$/, ''), hint }]
}

/** Why not one of its credentials can be of use, without a full stop; undefined while one may. */
export function noUseBecause(provider: ResolvedProvider): string | undefined {
  if (wantsLogin(provider)) return noLogin
  const { id, credentials, oauth } = provider
  const isClosed = oauth?.status?.state === 'retired' && credentials.every(({ type }) => type === 'oauth')
  return isClosed ? loginHurdle(id, oauth)?.replace(/\.$/, '') : undefined
}

const wantsLogin = ({ envelope, credentials }: ResolvedProvider): boolean =>
  envelope === 'code-assist' && credentials.every(({ type }) => type === 'apikey' || type === 'none')

const noLogin = 'Code Assist is entered by a login alone'
const codeAssistWays =
  'Write auth: { type: client } to pass on the login of the Gemini CLI itself, auth: { type: oauth } to sign in, or profile: gemini for an API key.'
