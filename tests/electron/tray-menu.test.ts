import { describe, expect, test } from 'vitest'
import { type TrayActions, type TrayItem, tooltip, trayMenu } from '../../electron/tray-menu.ts'
import type { TrayView } from '../../electron/tray-view.ts'
import type { HealthOf, ProviderView, StateView } from '../../src-core/index.ts'
import { accountView as account } from '../helpers/account-view.ts'

const now = Date.UTC(2026, 10, 26, 12)

const provider = (id: string, more: Partial<ProviderView> = {}): ProviderView => ({
  id,
  name: id,
  profile: id,
  protocol: 'openai-chat',
  baseUrl: 'http://127.0.0.1:9/v1',
  enabled: true,
  noCredential: [],
  ...more,
})

const state: StateView = {
  version: '0.1.0',
  url: 'http://127.0.0.1:4141',
  startedAt: now,
  activeGroup: 'azure',
  groups: [
    { id: 'azure', label: 'Azure through LiteLLM', active: true, targets: ['litellm.azure-gpt-5'] },
    { id: 'native', label: 'Gemini, native', active: false, targets: ['gemini.*'] },
    { id: 'local', label: 'Local (Ollama)', active: false, targets: ['ollama.qwen3', 'glm.glm-4.7'] },
  ],
  providers: [provider('litellm'), provider('gemini'), provider('glm'), provider('ollama', { enabled: false })],
  openExchanges: 2,
  paused: false,
  startsAtLogin: false,
  discovered: [],
  problems: [],
}

const well: HealthOf = { state: 'healthy', since: 0, until: 0 }
const cooling: HealthOf = {
  state: 'cooling',
  since: now,
  until: now + 42_000,
  failure: { kind: 'rate-limited', message: '' },
}
const refused: HealthOf = { state: 'tripped', since: now, until: 0, failure: { kind: 'bad-credentials', message: '' } }

const usual: TrayView = {
  state,
  health: { targets: [{ target: 'litellm.azure-gpt-5', ...well }], credentials: [] },
  accounts: [],
  cliConnected: true,
  hasTerminal: true,
  language: 'en',
  shell: 'zsh',
  now,
}

const troubled: TrayView = {
  ...usual,
  state: { ...state, openExchanges: 1, exposed: { until: now + 60_000, urls: [] } },
  health: {
    targets: [
      { target: 'litellm.azure-gpt-5', ...cooling },
      { target: 'gemini.gemini-3.5-flash', ...well },
    ],
    credentials: [{ credential: 'glm[default]', ...refused }],
  },
  problem: {
    message: 'Azure refused the key of litellm (401). Replace the key in the config of LiteLLM.',
    at: now - 130_000,
  },
  cliConnected: false,
}

const because = 'Nobody is signed in.'
const logins: TrayView = {
  ...usual,
  state: {
    ...state,
    providers: [
      provider('litellm', { noCredential: [{ alias: 'default', because }] }),
      provider('gemini'),
      provider('glm'),
    ],
  },
  accounts: [
    account('gemini/work', 'expiring'),
    account('glm/default', 'sign-in-again', { error: 'The service has ended this login.' }),
    account('glm/home', 'ok'),
    account('litellm/default', 'signed-out', { usedBy: ['litellm[default]'] }),
  ],
}

/** What the menu did, as words. */
function recorded(): { did: string[]; actions: TrayActions } {
  const did: string[] = []
  const actions = new Proxy({} as TrayActions, {
    get:
      (_target, name: string) =>
      (...given: unknown[]) =>
        void did.push([name, ...given.filter((one) => one !== undefined)].join(' ')),
  })
  return { did, actions }
}

/** The menu as a person sees it; what cannot be chosen stands in brackets. */
function drawn(items: readonly TrayItem[], indent = ''): string {
  return items
    .map(({ type, label, checked, enabled, submenu }) => {
      if (type === 'separator') return `${indent}────`
      const box = type === 'checkbox' ? (checked ? '✓ ' : '  ') : ''
      const words = enabled === false ? `[${label}]` : label
      return `${indent}${box}${words}${submenu ? ` ▸\n${drawn(submenu, `${indent}    `)}` : ''}`
    })
    .join('\n')
}

describe('the menu', () => {
  const cases = [
    ['all is well', usual],
    ['a limit, a refused key, a failed request, open to the network', troubled],
    ['a limit, a refused key, in Chinese', { ...troubled, language: 'zh' }],
    ['logins that end or have ended', logins],
    ['logins that end or have ended, in Chinese', { ...logins, language: 'zh' }],
    ['paused, nothing known of the CLI', { ...usual, state: { ...state, paused: true }, cliConnected: undefined }],
  ] as const

  test.each(cases)('%s', (_name, view) => {
    expect(`\n${tooltip(view)}\n\n${drawn(trayMenu(view, recorded().actions))}\n`).toMatchSnapshot()
  })

  test('a login that needs somebody leads to where it is renewed', () => {
    const { did, actions } = recorded()
    const items = trayMenu(logins, actions).filter(({ id }) => id?.startsWith('login:'))
    for (const { click } of items) click?.call(undefined, undefined as never, undefined, undefined as never)
    expect(did).toEqual(['openPage accounts/gemini/work', 'openPage accounts/glm/default'])
    expect(items.map(({ toolTip }) => toolTip)).toEqual([undefined, 'The service has ended this login.'])
  })

  test('each item does what it says', () => {
    const { did, actions } = recorded()
    const all = trayMenu(troubled, actions).flatMap((item) => [item, ...(item.submenu ?? [])])
    for (const { id, click } of all) {
      const before = did.length
      click?.call(undefined, undefined as never, undefined, undefined as never)
      if (did.length > before) did[before] = `${id}: ${did[before]}`
    }
    expect(did).toEqual([
      'status: copyAddress',
      'exposed: hideFromNetwork',
      'group:azure: chooseGroup azure',
      'group:native: chooseGroup native',
      'group:local: chooseGroup local',
      'provider:litellm: enableProvider litellm false',
      'provider:gemini: enableProvider gemini false',
      'provider:glm: enableProvider glm false',
      'provider:ollama: enableProvider ollama true',
      'try:litellm: tryProvider litellm',
      'try:glm: tryProvider glm',
      'problem: open',
      'cli:write: connectCli',
      'cli:undo: undoCli',
      'cli:terminal: openTerminal',
      'copy:zsh: copyLines zsh',
      'copy:bash: copyLines bash',
      'copy:fish: copyLines fish',
      'copy:powershell: copyLines powershell',
      'copy:cmd: copyLines cmd',
      'open: open',
      'login: startAtLogin true',
      'pause: pause true',
      'quit: quit',
    ])
  })
})
