import { loginHurdle, type OAuthSettings } from '../config/oauth-settings.ts'
import type { SignInView } from './contract.ts'

/** `provider`: as the hurdle's sentence is to name it. undefined: one cannot sign in there. */
export function viewSignIn(provider: string, settings: OAuthSettings | undefined): SignInView | undefined {
  if (!settings) return undefined
  const { flow, client, status } = settings
  return { flow, client, status, hurdle: loginHurdle(provider, settings) }
}
