import type { ControlClient } from './control-client.ts'
import type { TrayView } from './tray-view.ts'

export interface WatchViewParts {
  control: ControlClient
  shell: string
  startsAtLogin: boolean | undefined
  now: () => number
  changed(): void
  failed(thrown: unknown): void
}

export interface WatchedView {
  current(): TrayView
  /** Looks again at what nobody pushes: the Gemini CLI's own files. */
  lookAtCli(): Promise<void>
  setStartsAtLogin(on: boolean): void
  close(): void
}

/** Keeps what the tray shows: asked once, then told by pushes. */
export async function watchView({ control, now, changed, failed, ...rest }: WatchViewParts): Promise<WatchedView> {
  const [state, health] = await Promise.all([control.ask('getState', {}), control.ask('getHealth', {})])
  let view: Omit<TrayView, 'now'> = { ...rest, state, health }

  function become(more: Partial<TrayView>): void {
    view = { ...view, ...more }
    changed()
  }

  async function lookAtCli(): Promise<void> {
    const preview = await control.ask('previewClient', { client: 'gemini-cli' }).catch(() => undefined)
    // files it cannot read are no reason for a word before somebody wants to connect
    become({ cliConnected: preview && preview.files.length === 0 })
  }

  const stop = control.hear((name, value) => {
    if (name === 'state') become({ state: value as TrayView['state'] })
    else if (name === 'health') become({ health: value as TrayView['health'] })
    else if (name === 'exchange') {
      const push = value as { type: string; exchange?: { error?: { kind: string; message: string } } }
      const error = push.type === 'ended' ? push.exchange?.error : undefined
      if (error && error.kind !== 'client-gone') become({ problem: { message: error.message, at: now() } })
    }
  })
  // a countdown runs while something rests
  const tick = setInterval(() => {
    const { targets, credentials } = view.health
    if ([...targets, ...credentials].some(({ until }) => until > now())) changed()
  }, 1000)

  lookAtCli().catch(failed)
  return {
    current: () => ({ ...view, now: now() }),
    lookAtCli,
    setStartsAtLogin: (on) => become({ startsAtLogin: on }),
    close() {
      clearInterval(tick)
      stop()
    },
  }
}
