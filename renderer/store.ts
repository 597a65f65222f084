import { create } from 'zustand'
import type { AccountView, ConfigView, HealthView, Pushes, StateView } from '../src-core/control/contract.ts'
import type { AppClient, AppEvent, Connection } from './app-client.ts'
import { CallError } from './app-client.ts'
import { type ExchangeRing, type ExchangeSummary, remember } from './exchange-ring.ts'
import { goTo } from './page-address.ts'

/** What the gateway last told. Undefined: not told yet. */
export interface WindowState {
  connection: Connection
  state: StateView | undefined
  health: HealthView | undefined
  config: ConfigView | undefined
  accounts: AccountView[] | undefined
  exchanges: ExchangeRing
  /** Whether the first page of exchanges has come. */
  exchangesLoaded: boolean
  /** Where the page before the oldest begins; null at the end of what is kept. */
  older: string | null | undefined
  /** Ended since midnight. */
  today: number
}

export const useWindow = create<WindowState>()(() => ({
  connection: 'connecting',
  state: undefined,
  health: undefined,
  config: undefined,
  accounts: undefined,
  exchanges: [],
  exchangesLoaded: false,
  older: undefined,
  today: 0,
}))

/** Under load exchanges are told in bursts: the page is drawn at most so often. */
const gatherMs = 100
/** After some were left out, the list is asked for at most so often. */
const catchUpMs = 1000
const firstPage = 500
/** Time alone makes a login end, and nobody tells that. */
const accountsMs = 5 * 60_000

/** Keeps the store in step with the gateway. Returns what ends it. */
export function connectStore(client: AppClient): () => void {
  const { setState: set } = useWindow
  let told: ExchangeSummary[] = []
  let ended = 0
  let gathering: ReturnType<typeof setTimeout> | undefined
  let catchingUp: ReturnType<typeof setTimeout> | undefined

  function gather(exchange: ExchangeSummary): void {
    told.push(exchange)
    gathering ??= setTimeout(() => {
      gathering = undefined
      const batch = told
      const more = ended
      told = []
      ended = 0
      set(({ exchanges, today }) => ({ exchanges: remember(exchanges, batch), today: today + more }))
    }, gatherMs)
  }

  const ask = (asking: Promise<Partial<WindowState>>): void => {
    asking.then(set, (thrown: unknown) => {
      // the connection says so itself
      if (!(thrown instanceof CallError)) throw thrown
    })
  }

  const askAccounts = (): void => ask(client.call('listAccounts', {}))

  const askConfig = (): void => ask(client.call('getConfig', {}).then((config) => ({ config })))

  function catchUp(): void {
    catchingUp = undefined
    askToday()
    askExchanges()
  }

  function askExchanges(): void {
    ask(
      client.call('listExchanges', { limit: firstPage }).then((page) => ({
        exchanges: remember(useWindow.getState().exchanges, page.exchanges),
        exchangesLoaded: true,
        older: useWindow.getState().older ?? page.next,
      })),
    )
  }

  let day = 0

  function askToday(): void {
    day = midnight()
    const sum = client.call('getUsage', { since: day, by: [] })
    ask(
      sum.then(({ rows }) => {
        // the sum has them
        ended = 0
        return { today: rows.reduce((all, { requests }) => all + requests, 0) }
      }),
    )
  }

  function askAll(): void {
    ask(client.call('getState', {}).then((state) => ({ state })))
    ask(client.call('getHealth', {}).then((health) => ({ health })))
    askConfig()
    askAccounts()
    askToday()
    askExchanges()
  }

  function takeExchange(told: Pushes['exchange']): void {
    if (told.type === 'missed') {
      catchingUp ??= setTimeout(catchUp, catchUpMs)
      return
    }
    gather(told.exchange)
    if (told.type !== 'ended') return
    if (midnight() === day) ended += 1
    else askToday()
  }

  function take(event: AppEvent): void {
    switch (event.type) {
      case 'connection':
        set({ connection: event.value })
        if (event.value === 'online') askAll()
        return
      case 'state':
        set({ state: event.value })
        return
      case 'health':
        set({ health: event.value })
        return
      case 'config':
        askConfig()
        // other credentials, other accounts
        askAccounts()
        return
      case 'account':
        set(({ accounts }) => ({ accounts: withAccount(accounts, event.value) }))
        return
      case 'page':
        goTo(event.value)
        return
      case 'exchange':
        takeExchange(event.value)
    }
  }

  const often = setInterval(askAccounts, accountsMs)
  const end = client.subscribe(take)
  return () => {
    end()
    clearInterval(often)
    clearTimeout(gathering)
    clearTimeout(catchingUp)
  }
}

/** Undefined as long as the others are not told. */
function withAccount(accounts: AccountView[] | undefined, told: AccountView): AccountView[] | undefined {
  if (accounts?.some(({ id }) => id === told.id)) return accounts.map((one) => (one.id === told.id ? told : one))
  return accounts && [...accounts, told].sort((one, other) => (one.id < other.id ? -1 : 1))
}

const midnight = (): number => new Date().setHours(0, 0, 0, 0)
