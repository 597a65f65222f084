import { loginHurdle } from '../config/oauth-settings.ts'
import type { Problem } from '../config/problem.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

/** What a config says of a provider that cannot work, as far as it is known without asking anybody. */
export function providerTroubles(provider: ResolvedProvider): Problem[] {
  const { id, enabled, credentials, oauth } = provider
  if (!enabled) return []
  const path = `virtualrouter.providers.${id}`
  const noKey = noKeyBecause(provider)
  if (noKey) return [{ path: `${path}.auth`, message: noKey, hint: codeAssistWays }]
  if (!credentials.some(({ type }) => type === 'oauth')) return []
  const hurdle = loginHurdle(id, oauth)
  const hint = 'Until then nobody can sign in there.'
  return hurdle === undefined ? [] : [{ path: `${path}.oauth`, message: hurdle.replace(/\.$/, ''), hint }]
}

/** Why not one of its credentials can be of use; undefined while one may. */
export function noKeyBecause({ envelope, credentials }: Pick<ResolvedProvider, 'envelope' | 'credentials'>) {
  const unfit = envelope === 'code-assist' && credentials.every(({ type }) => type === 'apikey' || type === 'none')
  return unfit ? 'Code Assist takes a login and no API key' : undefined
}

const codeAssistWays =
  'Write auth: { type: client } to pass on the login of the Gemini CLI itself, auth: { type: oauth } to sign in, or profile: gemini for an API key.'
