import type { MenuItemConstructorOptions } from 'electron'
import { type Shell, shells } from '../src-core/index.ts'
import {
  ago,
  type Condition,
  countdown,
  groupMark,
  iconState,
  marks,
  providerCondition,
  type TrayView,
} from './tray-view.ts'

export interface TrayActions {
  copyAddress(): void
  chooseGroup(id: string): void
  enableProvider(id: string, enabled: boolean): void
  tryProvider(id: string): void
  connectCli(): void
  copyLines(shell: Shell): void
  undoCli(): void
  open(): void
  /** Shows a page of the window. */
  openPage(page: string): void
  startAtLogin(on: boolean): void
  pause(paused: boolean): void
  quit(): void
}

export type TrayItem = Pick<
  MenuItemConstructorOptions,
  'id' | 'type' | 'label' | 'enabled' | 'checked' | 'toolTip' | 'click'
> & { submenu?: TrayItem[] }

const separator: TrayItem = { type: 'separator' }

/** The menu as data. No item lies deeper than one submenu: some Linux desktops show no more. */
export function trayMenu(view: TrayView, actions: TrayActions): TrayItem[] {
  return [
    { id: 'status', label: statusLine(view), toolTip: 'Copies the address', click: actions.copyAddress },
    { id: 'clients', label: clientsLine(view), enabled: false },
    separator,
    ...backends(view, actions),
    separator,
    { id: 'providers', label: 'Providers', submenu: providers(view, actions) },
    ...problem(view, actions),
    ...logins(view, actions),
    separator,
    { id: 'cli', label: 'Connect Gemini CLI', submenu: cli(view, actions) },
    { id: 'open', label: 'Open Patchbay', click: actions.open },
    ...login(view, actions),
    view.state.paused
      ? { id: 'pause', label: 'Resume', click: () => actions.pause(false) }
      : { id: 'pause', label: 'Pause (clients get a clear error)', click: () => actions.pause(true) },
    { id: 'quit', label: 'Quit', click: actions.quit },
  ]
}

export function tooltip({ state }: TrayView): string {
  const label = state.groups.find(({ active }) => active)?.label ?? state.activeGroup
  return `Patchbay – ${label} – ${addressOf(state.url)}${state.paused ? ' – paused' : ''}`
}

const stateWords = {
  running: `${marks.healthy}  Running`,
  degraded: `${marks.cooling}  Running, some backends rest`,
  'no-backend': `${marks.tripped}  No backend can be called`,
  paused: `${marks.off}  Paused`,
}

const addressOf = (url: string): string => url.replace(/^http:\/\//, '')

const statusLine = (view: TrayView): string => `${stateWords[iconState(view)]} · ${addressOf(view.state.url)}`

function clientsLine({ state: { openExchanges: open }, cliConnected }: TrayView): string {
  const requests = open === 0 ? 'no request open' : open === 1 ? '1 request open' : `${open} requests open`
  if (cliConnected === undefined) return requests
  return cliConnected ? `Gemini CLI connected · ${requests}` : `Gemini CLI not connected · ${requests}`
}

function backends({ state, health }: TrayView, { chooseGroup }: TrayActions): TrayItem[] {
  return [
    { id: 'backend', label: 'Backend', enabled: false },
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

function providers({ state, health, accounts, now }: TrayView, actions: TrayActions): TrayItem[] {
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
        label: `${id}   ${marks[condition.mark]}${conditionWords(condition, now)}`,
        checked: enabled,
        click: () => actions.enableProvider(id, !enabled),
      }),
    ),
    ...(resting.length > 0 ? [separator] : []),
    ...resting.map(
      ({ id }): TrayItem => ({
        id: `try:${id}`,
        label: `Try ${id} now`,
        click: () => actions.tryProvider(id),
      }),
    ),
  ]
}

function conditionWords({ mark, until, because }: Condition, now: number): string {
  if (mark === 'off') return ' off'
  if (mark === 'healthy') return ''
  const why = (because && failureWords[because]) ?? ''
  const back = until > now ? `back in ${countdown(until, now)}` : ''
  const words = [why, back].filter((part) => part !== '').join(', ')
  return words === '' ? '' : ` ${words}`
}

/** Few words for what a person can do something about; for the rest the countdown says enough. */
const failureWords: Record<string, string> = {
  'no-credential': 'no key',
  'sign-in-again': 'sign in again',
  'signed-out': 'not signed in',
  expiring: 'login ends soon',
  'bad-credentials': 'key refused',
  permission: 'not permitted',
  'needs-user-action': 'needs you',
  'quota-exhausted': 'quota used up',
  'model-quota': 'quota used up',
  'retired-service': 'retired',
  'rate-limited': 'rate limit',
  capacity: 'overloaded',
  'provider-unreachable': 'unreachable',
}

const longest = 90

function problem({ problem: last, now }: TrayView, { open }: TrayActions): TrayItem[] {
  if (!last) return []
  const { message } = last
  const words = message.length > longest ? `${message.slice(0, longest - 1)}…` : message
  return [{ id: 'problem', label: `Last problem: ${words} (${ago(last.at, now)})`, toolTip: message, click: open }]
}

/** Each login that ends or has ended; each leads to where it is renewed. */
function logins({ accounts }: TrayView, { openPage }: TrayActions): TrayItem[] {
  return accounts
    .filter(({ needsYou }) => needsYou)
    .map(({ id, error }) => ({
      id: `login:${id}`,
      label: `Sign in again: ${id}…`,
      toolTip: error,
      click: () => openPage(`accounts/${id}`),
    }))
}

const shellNames: Record<Shell, string> = {
  bash: 'bash',
  zsh: 'zsh',
  fish: 'fish',
  powershell: 'PowerShell',
  cmd: 'cmd',
}

function cli({ shell, cliConnected }: TrayView, actions: TrayActions): TrayItem[] {
  // the user's own first
  const sorted = [...shells].sort((one, other) => Number(other === shell) - Number(one === shell))
  return [
    { id: 'cli:write', label: 'Write its settings…', enabled: cliConnected !== true, click: actions.connectCli },
    { id: 'cli:undo', label: 'Undo…', enabled: cliConnected === true, click: actions.undoCli },
    separator,
    ...sorted.map(
      (name): TrayItem => ({
        id: `copy:${name}`,
        label: `Copy lines for ${shellNames[name]}`,
        click: () => actions.copyLines(name),
      }),
    ),
  ]
}

function login({ startsAtLogin }: TrayView, actions: TrayActions): TrayItem[] {
  if (startsAtLogin === undefined) return []
  return [
    {
      id: 'login',
      type: 'checkbox',
      label: 'Start at login',
      checked: startsAtLogin,
      click: () => actions.startAtLogin(!startsAtLogin),
    },
  ]
}
