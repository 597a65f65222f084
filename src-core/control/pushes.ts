import type { ConfigStore } from '../config/store.ts'
import { type ExchangeSummary, summarize } from '../observe/exchange-view.ts'
import type { ExchangePush } from '../observe/exchanges.ts'
import type { AccountView } from './account-views.ts'
import type { HealthView, ProviderTest, Pushes, PushName, StateView } from './contract.ts'

export interface PushSources {
  state(): StateView
  health(): HealthView
  accounts(): Promise<AccountView[]>
  /** Each returns what ends the listening. */
  onConfig: ConfigStore['subscribe']
  onHealth(listener: () => void): () => void
  /** Pause, network, start at login. */
  onSwitch(listener: () => void): () => void
  onTest(listener: (test: ProviderTest) => void): () => void
  onAccount(listener: () => void): () => void
  /** What has been told could not be found out. */
  failed(thrown: unknown): void
  onExchange(listener: (push: ExchangePush) => void): () => void
  redact(text: string): string
}

type Push = <Name extends PushName>(name: Name, value: Pushes[Name]) => void

/** State and health are told at most so often. */
const pauseMs = 100
/** Exchanges are told one by one up to here in each pause; under load the rest is only counted. */
const mostExchanges = 50

/** Turns what happens into pushes while somebody listens. Returns what stops it. */
export function startPushes(sources: PushSources, push: Push): () => void {
  let exchanges: { type: ExchangePush['type']; exchange: ExchangeSummary }[] = []
  let missed = 0
  const changed = new Set<'state' | 'health' | 'accounts'>()
  /** How each account stood when it was last told. */
  const told = new Map<string, string>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    timer = undefined
    for (const { type, exchange } of exchanges) push('exchange', { type, exchange })
    if (missed > 0) push('exchange', { type: 'missed', count: missed })
    exchanges = []
    missed = 0
    if (changed.has('state')) push('state', sources.state())
    if (changed.has('health')) push('health', sources.health())
    if (changed.has('accounts')) tellAccounts().catch(sources.failed)
    changed.clear()
  }

  async function tellAccounts(): Promise<void> {
    for (const account of await sources.accounts()) {
      const as = JSON.stringify(account)
      if (stopped || told.get(account.id) === as) continue
      told.set(account.id, as)
      push('account', account)
    }
  }

  const soon = (): void => {
    timer ??= setTimeout(flush, pauseMs).unref()
  }

  const mark = (what: 'state' | 'health' | 'accounts'): void => {
    changed.add(what)
    soon()
  }

  const stops = [
    sources.onConfig(({ revision, path, problems }) => {
      push('config', { revision, path, problems })
      mark('state')
    }),
    sources.onHealth(() => mark('health')),
    sources.onAccount(() => {
      mark('accounts')
      mark('state')
    }),
    sources.onSwitch(() => mark('state')),
    sources.onTest((test) => push('test', test)),
    sources.onExchange(({ type, exchange }) => {
      if (exchanges.length >= mostExchanges) missed += 1
      // a record goes on changing: it is looked at now
      else exchanges.push({ type, exchange: summarize(exchange, sources.redact) })
      if (type !== 'attempt') changed.add('state')
      soon()
    }),
  ]
  return () => {
    stopped = true
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
