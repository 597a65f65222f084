import type { MenuItemConstructorOptions } from 'electron'
import { type Shell, shells } from '../src-core/index.ts'
import {
  type Condition,
  countdown,
  groupMark,
  iconState,
  marks,
  providerCondition,
  type TrayView,
} from './tray-view.ts'
import { type TrayWords, trayWords } from './tray-words.ts'

export interface TrayActions {
  copyAddress(): void
  chooseGroup(id: string): void
  enableProvider(id: string, enabled: boolean): void
  tryProvider(id: string): void
  connectCli(): void
  copyLines(shell: Shell): void
  undoCli(): void
  openTerminal(): void
  open(): void
  /** Shows a page of the window. */
  openPage(page: string): void
  startAtLogin(on: boolean): void
  pause(paused: boolean): void
  hideFromNetwork(): void
  quit(): void
}

export type TrayItem = Pick<
  MenuItemConstructorOptions,
  'id' | 'type' | 'label' | 'enabled' | 'checked' | 'toolTip' | 'click'
> & { submenu?: TrayItem[] }

const separator: TrayItem = { type: 'separator' }

/** The menu as data. No item lies deeper than one submenu: some Linux desktops show no more. */
export function trayMenu(view: TrayView, actions: TrayActions): TrayItem[] {
  const words = trayWords[view.language]
  return [
    { id: 'status', label: statusLine(view), toolTip: words.copies, click: actions.copyAddress },
    { id: 'clients', label: clientsLine(view), enabled: false },
    ...exposed(view, actions),
    separator,
    ...backends(view, actions),
    separator,
    { id: 'providers', label: words.providers, submenu: providers(view, actions) },
    ...problem(view, actions),
    ...logins(view, actions),
    separator,
    { id: 'cli', label: words.connect, submenu: cli(view, actions) },
    { id: 'open', label: words.open, click: actions.open },
    ...login(view, actions),
    view.state.paused
      ? { id: 'pause', label: words.resume, click: () => actions.pause(false) }
      : { id: 'pause', label: words.pause, click: () => actions.pause(true) },
    { id: 'quit', label: words.quit, click: actions.quit },
  ]
}

export function tooltip({ state, language }: TrayView): string {
  const label = state.groups.find(({ active }) => active)?.label ?? state.activeGroup
  const words = trayWords[language].tooltip
  const more = [state.exposed && words.exposed, state.paused && words.paused].filter((said) => said)
  return ['Patchbay', label, addressOf(state.url), ...more].join(' – ')
}

const addressOf = (url: string): string => url.replace(/^http:\/\//, '')

const statusLine = (view: TrayView): string =>
  `${trayWords[view.language].states[iconState(view)]} · ${addressOf(view.state.url)}`

function clientsLine({ state, cliConnected, language }: TrayView): string {
  const words = trayWords[language]
  const requests = words.requests(state.openExchanges)
  if (cliConnected === undefined) return requests
  return cliConnected ? words.connected(requests) : words.notConnected(requests)
}

function exposed({ state, now, language }: TrayView, { hideFromNetwork }: TrayActions): TrayItem[] {
  if (!state.exposed) return []
  const left = countdown(state.exposed.until, now)
  return [{ id: 'exposed', label: trayWords[language].exposed(left), click: hideFromNetwork }]
}

function backends({ state, health, language }: TrayView, { chooseGroup }: TrayActions): TrayItem[] {
  return [
    { id: 'backend', label: trayWords[language].backend, enabled: false },
    ...state.groups.map(
      (group): TrayItem => ({
        id: `group:${group.id}`,
        type: 'checkbox',
        label: `${group.label}   ${marks[groupMark(group, state, health)]}`,
        checked: group.active,
        click: () => chooseGroup(group.id),
      }),
    ),
  ]
}

function providers({ state, health, accounts, now, language }: TrayView, actions: TrayActions): TrayItem[] {
  const words = trayWords[language]
  const each = state.providers.map((provider) => ({
    ...provider,
    condition: providerCondition(provider, health, accounts),
  }))
  const resting = each.filter(({ condition }) => condition.mark === 'cooling' || condition.mark === 'tripped')
  return [
    ...each.map(
      ({ id, enabled, condition }): TrayItem => ({
        id: `provider:${id}`,
        type: 'checkbox',
        label: `${id}   ${marks[condition.mark]}${conditionWords(condition, now, words)}`,
        checked: enabled,
        click: () => actions.enableProvider(id, !enabled),
      }),
    ),
    ...(resting.length > 0 ? [separator] : []),
    ...resting.map(
      ({ id }): TrayItem => ({
        id: `try:${id}`,
        label: words.tryNow(id),
        click: () => actions.tryProvider(id),
      }),
    ),
  ]
}

function conditionWords({ mark, until, because }: Condition, now: number, words: TrayWords): string {
  if (mark === 'off') return ` ${words.off}`
  if (mark === 'healthy') return ''
  const why = (because && words.failures[because]) ?? ''
  const back = until > now ? words.back(countdown(until, now)) : ''
  const told = [why, back].filter((part) => part !== '').join(words.between)
  return told === '' ? '' : ` ${told}`
}

const longest = 90

function problem({ problem: last, now, language }: TrayView, { open }: TrayActions): TrayItem[] {
  if (!last) return []
  const { message } = last
  const short = message.length > longest ? `${message.slice(0, longest - 1)}…` : message
  return [{ id: 'problem', label: trayWords[language].problem(short, last.at, now), toolTip: message, click: open }]
}

/** Each login that ends or has ended; each leads to where it is renewed. */
function logins({ accounts, language }: TrayView, { openPage }: TrayActions): TrayItem[] {
  return accounts
    .filter(({ needsYou }) => needsYou)
    .map(({ id, error }) => ({
      id: `login:${id}`,
      label: trayWords[language].signInAgain(id),
      toolTip: error,
      click: () => openPage(`accounts/${id}`),
    }))
}

function cli({ shell, cliConnected, hasTerminal, language }: TrayView, actions: TrayActions): TrayItem[] {
  const words = trayWords[language]
  // the user's own first
  const sorted = [...shells].sort((one, other) => Number(other === shell) - Number(one === shell))
  return [
    { id: 'cli:write', label: words.write, enabled: cliConnected !== true, click: actions.connectCli },
    { id: 'cli:undo', label: words.undo, enabled: cliConnected === true, click: actions.undoCli },
    ...(hasTerminal ? [{ id: 'cli:terminal', label: words.terminal, click: actions.openTerminal }] : []),
    separator,
    ...sorted.map(
      (name): TrayItem => ({
        id: `copy:${name}`,
        label: words.copyLines(name),
        click: () => actions.copyLines(name),
      }),
    ),
  ]
}

function login({ state: { startsAtLogin }, language }: TrayView, actions: TrayActions): TrayItem[] {
  if (startsAtLogin === undefined) return []
  return [
    {
      id: 'login',
      type: 'checkbox',
      label: trayWords[language].login,
      checked: startsAtLogin,
      click: () => actions.startAtLogin(!startsAtLogin),
    },
  ]
}
