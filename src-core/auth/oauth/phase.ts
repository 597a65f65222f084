import type { OAuthSettings } from '../../config/oauth-settings.ts'
import type { Account } from './account.ts'

/** fresh: serves; due: still serves and is to be refreshed; over: has ended by our clock. */
export type Phase = 'fresh' | 'due' | 'over'

/** A token of a short life is not refreshed before half of it has gone. */
export function phaseOf(
  { expiresAt, obtainedAt }: Pick<Account, 'expiresAt' | 'obtainedAt'>,
  { refreshMarginSeconds }: Pick<OAuthSettings, 'refreshMarginSeconds'>,
  now: number,
): Phase {
  if (expiresAt === undefined) return 'fresh'
  if (now >= expiresAt) return 'over'
  const marginMs = Math.min(refreshMarginSeconds * 1000, (expiresAt - obtainedAt) / 2)
  return now >= expiresAt - marginMs ? 'due' : 'fresh'
}
