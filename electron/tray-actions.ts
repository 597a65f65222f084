import { app, clipboard, dialog } from 'electron'
import type { Gateway } from '../src-core/index.ts'
import { connectCli, copyLines, undoCli } from './connect-cli.ts'
import type { ControlClient } from './control-client.ts'
import type { TrayActions } from './tray-menu.ts'
import { providerTargets } from './tray-view.ts'
import type { WatchedView } from './watch-view.ts'

export interface TrayActionsParts {
  gateway: Gateway
  control: ControlClient
  view: WatchedView
  stateFolder: string
  open(page?: string): void
  /** The menu is to show how things are now, whatever came of a click. */
  done(): void
}

/** What the menu does. A failure is said in a dialog. */
export function createTrayActions(parts: TrayActionsParts): TrayActions {
  const { gateway, control, view, stateFolder, open, done } = parts
  const { ask } = control

  function act(doing: () => unknown): void {
    Promise.resolve()
      .then(doing)
      .catch((thrown) => dialog.showErrorBox('Patchbay', thrown instanceof Error ? thrown.message : String(thrown)))
      .finally(done)
  }

  return {
    copyAddress: () => clipboard.writeText(gateway.state().url),
    chooseGroup: (group) => act(() => ask('setActiveGroup', { group })),
    enableProvider: (provider, enabled) => act(() => ask('setProviderEnabled', { provider, enabled })),
    tryProvider(provider) {
      const targets = providerTargets(provider, view.current().health)
      act(() => Promise.all(targets.map((target) => ask('probeTarget', { target }))))
    },
    connectCli: () => act(() => connectCli(control).finally(view.lookAtCli)),
    undoCli: () => act(() => undoCli(control).finally(view.lookAtCli)),
    copyLines: (shell) => act(() => copyLines(gateway, shell, stateFolder)),
    open: () => open(),
    openPage: open,
    openTerminal: () => act(() => ask('openTerminal', { client: 'gemini-cli' })),
    startAtLogin: (on) => act(() => ask('setStartAtLogin', { on })),
    pause: (paused) => act(() => ask('setPaused', { paused })),
    hideFromNetwork: () => act(() => ask('hideFromNetwork', {})),
    quit: () => app.quit(),
  }
}
