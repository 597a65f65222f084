import type { AccountView } from '../src-core/index.ts'
import type { ControlClient } from './control-client.ts'
import type { TrayLanguage } from './tray-language.ts'
import type { TrayView } from './tray-view.ts'

export interface WatchViewParts {
  control: ControlClient
  shell: string
  language: TrayLanguage
  now: () => number
  changed(): void
  /** As often as they are told, changed or not. */
  accountsTold(accounts: readonly AccountView[]): void
}

export interface WatchedView {
  current(): TrayView
  /** Looks again at what nobody pushes: the Gemini CLI's own files. */
  lookAtCli(): Promise<void>
  setLanguage(language: TrayLanguage): void
  close(): void
}

/** Keeps what the tray shows: asked once, then told by pushes. */
export async function watchView({
  control,
  now,
  changed,
  accountsTold,
  ...rest
}: WatchViewParts): Promise<WatchedView> {
  const [state, health, { terminal }] = await Promise.all([
    control.ask('getState', {}),
    control.ask('getHealth', {}),
    control.ask('findTerminal', {}),
  ])
  let view: Omit<TrayView, 'now'> = { ...rest, state, health, accounts: [], hasTerminal: terminal !== null }

  function become(more: Partial<TrayView>): void {
    view = { ...view, ...more }
    changed()
  }

  async function lookAtCli(): Promise<void> {
    // files it cannot read are no reason for a word before somebody wants to connect
    const preview = await control.ask('previewClient', { client: 'gemini-cli' }).catch(() => undefined)
    become({ cliConnected: preview && preview.files.length === 0 })
  }

  async function lookAtAccounts(): Promise<void> {
    // the window says why they are not known
    const told = await control.ask('listAccounts', {}).catch(() => undefined)
    if (!told) return
    become(told)
    accountsTold(told.accounts)
  }

  const stop = control.hear(({ name, value }) => {
    if (name === 'state') become({ state: value })
    else if (name === 'health') become({ health: value })
    else if (name === 'account' || name === 'config') void lookAtAccounts()
    else if (name === 'exchange' && value.type === 'ended') {
      const { error } = value.exchange
      if (error && error.kind !== 'client-gone') become({ problem: { message: error.message, at: now() } })
    }
  })
  // a countdown runs while something rests or the network is let in, and its end is shown
  const tick = setInterval(() => {
    const { targets, credentials } = view.health
    if (view.state.exposed || [...targets, ...credentials].some(({ state: one }) => one !== 'healthy')) changed()
  }, 1000)

  // time alone makes a login end, and nobody tells that
  const often = setInterval(() => void lookAtAccounts(), 5 * 60_000)

  void lookAtCli()
  void lookAtAccounts()
  return {
    current: () => ({ ...view, now: now() }),
    lookAtCli,
    setLanguage: (language) => become({ language }),
    close() {
      clearInterval(tick)
      clearInterval(often)
      stop()
    },
  }
}
