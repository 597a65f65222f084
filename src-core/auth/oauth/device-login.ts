import * as oauth from 'oauth4webapi'
import type { OAuthSettings } from '../../config/oauth-settings.ts'
import { GatewayError } from '../../model/error.ts'
import type { Account } from './account.ts'
import type { TokenService } from './token-service.ts'

/** One login by a code that a person types on a page of the service, on any machine. */
export interface DeviceLogin {
  /** Where to type it. */
  url: string
  userCode: string
  expiresAt: number
  secrets: readonly string[]
  /** Asks until the person has signed in. */
  wait(): Promise<Account>
}

export interface DeviceLoginOptions {
  settings: OAuthSettings
  service: Pick<TokenService, 'beginDevice' | 'pollDevice'>
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
  signal: AbortSignal
}

/** What the standard says where a service says nothing. */
const usualIntervalMs = 5000

export async function openDeviceLogin(options: DeviceLoginOptions): Promise<DeviceLogin> {
  const { settings, service, now, signal } = options
  const verifier = settings.pkce ? oauth.generateRandomCodeVerifier() : undefined
  const begun = await service.beginDevice(verifier, signal)
  const expiresAt = now() + begun.expires_in * 1000
  const intervalMs = begun.interval === undefined ? usualIntervalMs : begun.interval * 1000
  const poll = () => service.pollDevice(begun.device_code, verifier, signal)
  const url = begun.verification_uri_complete ?? begun.verification_uri
  if (!/^https?:\/\//.test(url)) throw new GatewayError('provider-error', 'The service named no page for its code.')
  return {
    url,
    userCode: begun.user_code,
    expiresAt,
    secrets: [begun.device_code, ...(verifier === undefined ? [] : [verifier])],
    wait: () => waitFor({ poll, expiresAt, intervalMs, ...options }),
  }
}

interface Waiting extends Pick<DeviceLoginOptions, 'now' | 'sleep' | 'signal'> {
  poll(): Promise<Account>
  expiresAt: number
  intervalMs: number
}

async function waitFor({ poll, expiresAt, intervalMs, now, sleep, signal }: Waiting): Promise<Account> {
  let pauseMs = intervalMs
  for (;;) {
    await sleep(pauseMs, signal)
    signal.throwIfAborted()
    if (now() >= expiresAt) {
      throw new GatewayError('needs-user-action', 'The code was not entered in time: begin the login again.')
    }
    try {
      return await poll()
    } catch (thrown) {
      pauseMs = nextPause(thrown, pauseMs)
    }
  }
}

/** How long until the service may be asked again. Throws where asking again is of no use. */
function nextPause(thrown: unknown, pauseMs: number): number {
  if (!(thrown instanceof GatewayError)) throw thrown
  if (thrown.providerCode === 'authorization_pending') return pauseMs
  // some say it by the status alone
  if (thrown.providerCode === 'slow_down' || thrown.kind === 'rate-limited') {
    return Math.max(pauseMs + 5000, thrown.wait?.ms ?? 0)
  }
  // a network that fails for a moment ends no login
  if (thrown.consequence.retrySame) return pauseMs
  throw thrown
}
