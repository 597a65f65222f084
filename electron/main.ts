import os from 'node:os'
import path from 'node:path'
import { app, clipboard, dialog } from 'electron'
import { type Gateway, stateFolder } from '../src-core/index.ts'
import { createAutostart } from './autostart.ts'
import { connectCli, copyLines, undoCli } from './connect-cli.ts'
import { createControlClient } from './control-client.ts'
import { openDesktopMemory } from './desktop-memory.ts'
import { bindControl } from './ipc.ts'
import { openInBrowser } from './open.ts'
import { type DesktopOptions, readOptions } from './options.ts'
import { announcePages, servePages } from './pages.ts'
import { runProgram } from './port-holder.ts'
import { startGateway } from './start-gateway.ts'
import { createTray, type TrayDoor } from './tray.ts'
import { trayHost } from './tray-host.ts'
import { providerTargets } from './tray-view.ts'
import { startUpdates } from './update.ts'
import { usersShell } from './users-shell.ts'
import { followNetwork } from './wake.ts'
import { watchView } from './watch-view.ts'
import { createMainWindow, denyPermissions } from './window.ts'

const state = stateFolder({ env: process.env, platform: process.platform, userHome: os.homedir() })
const desktopFolder = path.join(state, 'desktop')

/** How long answers under way may go on when Patchbay is quit. The port is free at once. */
const drainMs = 3000

announcePages()
app.enableSandbox()
app.setName('Patchbay')
app.setAppUserModelId('dev.patchbay.app')
// one Patchbay for each home: it is here that Electron looks for another one
app.setPath('userData', desktopFolder)

if (app.requestSingleInstanceLock()) {
  run(readOptions(process.argv.slice(app.isPackaged ? 1 : 2))).catch((thrown) => {
    console.error(thrown)
    dialog.showErrorBox('Patchbay could not start', thrown instanceof Error ? thrown.message : String(thrown))
    app.exit(1)
  })
} else app.exit(0)

async function run(options: DesktopOptions): Promise<void> {
  // the tray keeps it running
  app.on('window-all-closed', () => {})
  await app.whenReady()
  const gateway = await startGateway({ options, env: process.env, stateFolder: state })
  if (!gateway) return app.exit(3)
  await join(gateway, options)
}

/** Puts window, tray and gateway together. */
async function join(gateway: Gateway, options: DesktopOptions): Promise<void> {
  const { log } = gateway
  const failed = (what: string, thrown: unknown) => log.error(what, { error: thrown })
  const ended = new AbortController()
  const memory = await openDesktopMemory(path.join(desktopFolder, 'window.json'))

  // the window
  let quitting = false
  servePages(path.join(import.meta.dirname, 'window'))
  denyPermissions()
  const window = createMainWindow({
    preload: path.join(import.meta.dirname, 'preload.cjs'),
    memory,
    open: (url) => void openInBrowser(url, (because) => log.warn('link', { because })),
    failed,
    quitting: () => quitting,
  })
  const unbind = bindControl(gateway.control!, window.current)
  app.on('second-instance', window.show)
  app.on('activate', window.show)

  // the tray
  const control = createControlClient(gateway.control!, ended.signal)
  const autostart = createAutostart(process.env)
  let tray: TrayDoor | undefined
  const view = await watchView({
    control,
    shell: usersShell(process),
    startsAtLogin: await autostart?.on(),
    now: Date.now,
    changed: () => tray?.refresh(),
    failed: (thrown) => failed('the Gemini CLI was not looked at', thrown),
  })
  /** What a menu item does; whatever goes wrong is said, and the menu shows how things are. */
  const act = (doing: () => unknown) => {
    Promise.resolve()
      .then(doing)
      .catch((thrown) => dialog.showErrorBox('Patchbay', thrown instanceof Error ? thrown.message : String(thrown)))
      .finally(() => tray?.refresh())
  }
  tray = createTray(view.current, {
    copyAddress: () => clipboard.writeText(gateway.state().url),
    chooseGroup: (group) => act(() => control.ask('setActiveGroup', { group })),
    enableProvider: (provider, enabled) => act(() => control.ask('setProviderEnabled', { provider, enabled })),
    tryProvider: (provider) =>
      act(() =>
        Promise.all(
          providerTargets(provider, view.current().health).map((target) => control.ask('probeTarget', { target })),
        ),
      ),
    connectCli: () => act(() => connectCli(control).finally(view.lookAtCli)),
    undoCli: () => act(() => undoCli(control).finally(view.lookAtCli)),
    copyLines: (shell) => act(() => copyLines(gateway, shell, state)),
    open: window.show,
    startAtLogin: (on) =>
      act(async () => {
        await autostart?.set(on)
        view.setStartsAtLogin(on)
      }),
    pause: (paused) => act(() => control.ask('setPaused', { paused })),
    quit: () => app.quit(),
  })
  const unfollow = followNetwork(control, (thrown) => failed('health was not reset', thrown))

  // the end
  app.on('before-quit', (event) => {
    // it ends below, when the gateway has
    event.preventDefault()
    if (quitting) return
    quitting = true
    window.current()?.close()
    unfollow()
    view.close()
    tray?.close()
    unbind()
    // who starts Patchbay again now gets a new one
    app.releaseSingleInstanceLock()
    Promise.all([gateway.close(drainMs), memory.written()])
      .catch((thrown) => console.error(thrown))
      .finally(() => {
        ended.abort()
        app.exit(0)
      })
  })

  void startUpdates(process.env.PATCHBAY_UPDATES, (words) => log.info(words))
  const host = await trayHost(process.platform, runProgram)
  if (host === 'missing') await withoutTray()
  else if (!options.hidden || host === 'unknown') window.show()

  /** Nobody shows the icon: the window stands for it, and says so the first time. */
  async function withoutTray(): Promise<void> {
    app.on('window-all-closed', () => app.quit())
    window.show()
    if (memory.current().toldNoTray) return
    await memory.remember({ toldNoTray: true })
    await dialog.showMessageBox({
      type: 'info',
      title: 'Patchbay',
      message: 'This desktop shows no tray icons.',
      detail:
        'Patchbay runs as long as its window is open. On GNOME the extension "AppIndicator" brings the icons back.',
      buttons: ['OK'],
    })
  }
}
