import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { app, dialog, Menu } from 'electron'
import { stateFolder } from '../src-core/index.ts'
import { createAccountNotifier } from './account-notifier.ts'
import { createAutostart } from './autostart.ts'
import { createControlClient } from './control-client.ts'
import { type DesktopMemory, openDesktopMemory } from './desktop-memory.ts'
import { bindControl } from './ipc.ts'
import { openInBrowser } from './open.ts'
import { type DesktopOptions, readOptions } from './options.ts'
import { announcePages, servePages } from './pages.ts'
import { runProgram } from './run-program.ts'
import { type StartedGateway, startGateway } from './start-gateway.ts'
import { createTray, type TrayDoor } from './tray.ts'
import { createTrayActions } from './tray-actions.ts'
import { trayHost } from './tray-host.ts'
import { trayLanguage } from './tray-language.ts'
import { startUpdates } from './update.ts'
import { usersShell } from './users-shell.ts'
import { followNetwork } from './wake.ts'
import { type WatchedView, watchView } from './watch-view.ts'
import { createMainWindow, denyPermissions } from './window.ts'

const state = stateFolder({ env: process.env, platform: process.platform, userHome: os.homedir() })
const desktopFolder = path.join(state, 'desktop')
/** The build puts the window beside this file. */
const windowFolder = path.join(import.meta.dirname, 'window')

/** How long answers under way may go on when Patchbay is quit. The port is free at once. */
const drainMs = 3000

announcePages()
app.enableSandbox()
app.setName('Patchbay')
app.setAppUserModelId('dev.patchbay.app')
// one Patchbay for each home: it is here that Electron looks for another one, before anything else runs
fs.mkdirSync(desktopFolder, { recursive: true, mode: 0o700 })
app.setPath('userData', desktopFolder)

if (app.requestSingleInstanceLock()) {
  start().catch((thrown) => {
    console.error(thrown)
    dialog.showErrorBox('Patchbay could not start', thrown instanceof Error ? thrown.message : String(thrown))
    app.exit(1)
  })
} else app.exit(0)

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(app.isPackaged ? 1 : 2))
  if ('problem' in options) {
    console.error(options.problem)
    return app.exit(2)
  }
  // the tray keeps it running
  app.on('window-all-closed', () => {})
  await app.whenReady()
  // macOS needs its menu for the keys of copy and paste
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null)
  const autostart = createAutostart(process.env)
  const started = await startGateway({ options, env: process.env, stateFolder: state, windowFolder, autostart })
  if (!started) return app.exit(3)
  await run(started, options)
}

/** Puts gateway, window and tray together, until the end. */
async function run({ gateway, onLastGood }: StartedGateway, { hidden }: DesktopOptions): Promise<void> {
  const { log } = gateway
  const failed = (what: string, thrown: unknown) => log.error(what, { error: thrown })
  const memory = await openDesktopMemory(path.join(desktopFolder, 'window.json'))
  let quitting = false

  servePages(windowFolder)
  denyPermissions()
  const window = createMainWindow({
    preload: path.join(import.meta.dirname, 'preload.cjs'),
    memory,
    open: (url) => void openInBrowser(url, (because) => log.warn('link', { because })),
    failed,
    quitting: () => quitting,
  })
  const speaks = (language: string): void => {
    if (memory.current().language === language) return
    memory.remember({ language }).catch((thrown) => failed('the language is not kept', thrown))
    view?.setLanguage(trayLanguage(language, ''))
  }
  let view: WatchedView | undefined
  const unbind = bindControl({ control: gateway.control!, window: window.current, speaks })
  const show = () => window.show()
  app.on('second-instance', show)
  app.on('activate', show)

  const ended = new AbortController()
  const control = createControlClient(gateway.control!, ended.signal)
  let tray: TrayDoor | undefined
  const notifier = createAccountNotifier({
    memory,
    language: () => watched.current().language,
    now: Date.now,
    open: window.show,
    failed,
  })
  const watched = await watchView({
    control,
    shell: usersShell(process),
    language: trayLanguage(memory.current().language, Intl.DateTimeFormat().resolvedOptions().locale),
    now: Date.now,
    changed: () => tray?.refresh(),
    accountsTold: notifier.look,
  })
  view = watched
  const done = () => tray?.refresh()
  const actions = createTrayActions({
    gateway,
    control,
    view: watched,
    stateFolder: state,
    open: window.show,
    done,
  })
  tray = createTray(watched.current, actions)
  const unfollow = followNetwork(control, (thrown) => failed('health was not reset', thrown))

  app.on('before-quit', (event) => {
    // it ends below, when the gateway has
    event.preventDefault()
    if (quitting) return
    quitting = true
    window.current()?.close()
    unfollow()
    watched.close()
    notifier.close()
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
  if (onLastGood) window.show('settings')
  else if (!hidden || host !== 'present') window.show()
  if (host === 'missing') await withoutTray(memory)
}

/** Nobody shows the icon: the window stands for it, and says so the first time. */
async function withoutTray(memory: DesktopMemory): Promise<void> {
  app.on('window-all-closed', () => app.quit())
  if (memory.current().toldNoTray) return
  await memory.remember({ toldNoTray: true })
  await dialog.showMessageBox({
    type: 'info',
    title: 'Patchbay',
    message: 'This desktop shows no tray icons.',
    detail: 'Patchbay runs as long as its window is open. On GNOME the extension "AppIndicator" brings the icons back.',
    buttons: ['OK'],
  })
}
