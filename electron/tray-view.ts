import type { AccountView, HealthOf, HealthView, ProviderView, StateView } from '../src-core/index.ts'
import type { TrayLanguage } from './tray-language.ts'

/** Everything the tray shows; menu, tooltip and icon are functions of it. */
export interface TrayView {
  state: StateView
  health: HealthView
  accounts: readonly AccountView[]
  /** The last request that failed. */
  problem?: { message: string; at: number }
  /** Whether the Gemini CLI's settings name this gateway; undefined while nobody knows. */
  cliConnected?: boolean
  /** Whether there is a terminal to open the Gemini CLI in. */
  hasTerminal: boolean
  /** The window's. */
  language: TrayLanguage
  /** The user's shell, by its name for the lines to copy. */
  shell: string
  now: number
}

export type Mark = 'healthy' | 'cooling' | 'tripped' | 'off' | 'unknown'

/** A shape for each, so that no colour is needed. */
export const marks: Record<Mark, string> = { healthy: '●', cooling: '◐', tripped: '▲', off: '○', unknown: '?' }

export interface Condition {
  mark: Mark
  /** When it may be called again; 0 when nothing is waited for. */
  until: number
  /** The kind of failure behind it, or the state of an account. */
  because?: string
}

export type IconState = 'running' | 'degraded' | 'no-backend' | 'paused'

export function iconState({ state, health }: TrayView): IconState {
  if (state.paused) return 'paused'
  const group = state.groups.find(({ active }) => active)
  const mark = group ? groupMark(group, state, health) : 'off'
  if (mark === 'off' || mark === 'tripped') return 'no-backend'
  return mark === 'healthy' || mark === 'unknown' ? 'running' : 'degraded'
}

/** A provider is as well as the worst of what it has; logins that end are told before what came of it. */
export function providerCondition(
  provider: ProviderView,
  health: HealthView,
  accounts: readonly AccountView[] = [],
): Condition {
  if (!provider.enabled) return { mark: 'off', until: 0 }
  const ending = accounts.filter((account) => account.provider === provider.id && account.needsYou)
  if (ending.some(({ state }) => state === 'sign-in-again'))
    return { mark: 'tripped', until: 0, because: 'sign-in-again' }
  const missing = provider.noCredential[0]
  if (missing) {
    const name = `${provider.id}[${missing.alias}]`
    const isAccount = accounts.some(({ usedBy }) => usedBy.includes(name))
    return { mark: 'tripped', until: 0, because: isAccount ? 'signed-out' : 'no-credential' }
  }
  const own = [
    ...health.credentials.filter(({ credential }) => providerOf(credential) === provider.id),
    ...health.targets.filter(({ target }) => providerOf(target) === provider.id),
  ].filter(({ state }) => state !== 'healthy')
  const worst = own.find(({ state }) => state === 'tripped') ?? own[0]
  if (worst) return conditionOf(worst)
  return ending.length > 0 ? { mark: 'cooling', until: 0, because: 'expiring' } : { mark: 'healthy', until: 0 }
}

/**
 * A backend is healthy while all it lists is, out while nothing of it can be called, and cooling in between. What the
 * user switched off does not count.
 */
export function groupMark({ targets }: StateView['groups'][number], state: StateView, health: HealthView): Mark {
  if (targets.length === 0) return 'unknown'
  const each = targets.map((target) => targetMark(target, state, health)).filter((mark) => mark !== 'off')
  if (each.length === 0) return 'off'
  if (each.every((mark) => mark === 'healthy')) return 'healthy'
  return each.some((mark) => mark === 'healthy' || mark === 'cooling') ? 'cooling' : 'tripped'
}

function targetMark(target: string, { providers }: StateView, health: HealthView): Mark {
  const provider = providers.find(({ id }) => id === providerOf(target))
  if (!provider?.enabled) return 'off'
  // any model, or one pinned to a credential: as the provider is
  const entry = health.targets.find((one) => one.target === target)
  const whole = providerCondition(provider, { ...health, targets: [] }).mark
  if (whole !== 'healthy') return whole
  return entry ? conditionOf(entry).mark : providerCondition(provider, health).mark
}

/** What of a provider rests, to be tried again. */
export function providerTargets(provider: string, { targets }: HealthView): string[] {
  const own = targets.filter(({ target }) => providerOf(target) === provider)
  const resting = own.filter(({ state }) => state !== 'healthy')
  return (resting.length > 0 ? resting : own.slice(0, 1)).map(({ target }) => target)
}

const providerOf = (name: string): string => /^[^.[]*/.exec(name)![0]

const conditionOf = ({ state, until, failure }: HealthOf): Condition => ({ mark: state, until, because: failure?.kind })

/** `0:42`, or `2 h 05 min`: how long until then. */
export function countdown(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  const two = (count: number) => String(count).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`
}

/** `just now`, `2 min ago`, `3 h ago`. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return 'just now'
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`
}
