import type { ExchangeSummary } from '../observe/exchange-view.ts'
import type { ConfigView, HealthView, StateView } from './contract.ts'

export interface DiagnosticsParts {
  state: StateView
  health: HealthView
  config: Pick<ConfigView, 'path' | 'source' | 'revision'>
  exchanges: readonly ExchangeSummary[]
  log: readonly string[]
  process: Pick<NodeJS.Process, 'platform' | 'arch' | 'versions'> & { rssMb: number }
  /** What the window says of itself. */
  window: string | undefined
  now: number
}

/** What a bug report needs, but for the config's text: no body, no header; whoever asks has the rest redacted. */
export function diagnosticsOf(parts: DiagnosticsParts): object {
  const { state, health, config, exchanges, log, process, window, now } = parts
  const { node, v8, openssl, electron, chrome } = process.versions
  const { version, url, startedAt, activeGroup, groups, providers, openExchanges, paused, discovered, problems } = state
  return {
    madeAt: new Date(now).toISOString(),
    patchbay: { version, startedAt: new Date(startedAt).toISOString(), url, openExchanges, paused },
    machine: {
      platform: process.platform,
      arch: process.arch,
      rssMb: process.rssMb,
      versions: { node, v8, openssl, electron, chrome },
    },
    window,
    config: { ...config, problems, discovered },
    routing: { activeGroup, groups: groups.map(({ id, targets }) => ({ id, targets })) },
    providers,
    health: {
      targets: health.targets.filter(({ state: each }) => each !== 'healthy'),
      credentials: health.credentials.filter(({ state: each }) => each !== 'healthy'),
    },
    exchanges,
    log,
  }
}
