import type { OAuthSettings } from '../../config/oauth-settings.ts'
import { GatewayError } from '../../model/error.ts'
import { accountParts } from './account.ts'
import type { Accounts } from './accounts.ts'
import { LoginError } from './login-error.ts'
import type { TokenService } from './token-service.ts'

export interface SignedOut {
  /** The service has been told, and honours the login no more. */
  revoked: boolean
  words: string
}

export interface SignOutOptions {
  accounts: Accounts
  provider(id: string): { oauth?: OAuthSettings } | undefined
  service(provider: string, settings: OAuthSettings): Promise<Pick<TokenService, 'revoke'>>
}

const revokeMs = 10_000

/** Forgets an account, then tells its service where it can. Rejects with a KeychainError while nothing has changed. */
export async function signOut(id: string, { accounts, provider, service }: SignOutOptions): Promise<SignedOut> {
  const account = await accounts.locked(id, async () => {
    const found = await accounts.getAnew(id)
    await accounts.remove(id)
    return found
  })
  if (!account) throw new LoginError('unknown', `Nobody is signed in as ${id}.`)
  const { provider: owner } = accountParts(id)
  const settings = provider(owner)?.oauth
  if (settings?.revokeUrl === undefined) {
    return {
      revoked: false,
      words: 'Patchbay has forgotten the login. The service has no way to be told: end it in your account there.',
    }
  }
  try {
    const asks = await service(owner, settings)
    await asks.revoke(account.refreshToken ?? account.accessToken, AbortSignal.timeout(revokeMs))
    return { revoked: true, words: 'Patchbay has forgotten the login, and the service honours it no more.' }
  } catch (thrown) {
    const { message } = GatewayError.from(thrown)
    return {
      revoked: false,
      words: `Patchbay has forgotten the login, but the service was not told: ${message} End it in your account there.`,
    }
  }
}
