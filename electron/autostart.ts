import fs from 'node:fs/promises'
import path from 'node:path'
import { app } from 'electron'
import type { Autostart } from '../src-core/index.ts'
import { autostartEntry } from './autostart-entry.ts'

/**
 * Starts Patchbay, hidden in the tray, when its user logs in. Electron does it on Windows and macOS; a Linux desktop
 * reads the autostart folder. undefined while it runs from its sources: their place may change.
 */
export function createAutostart(env: Readonly<Record<string, string | undefined>>): Autostart | undefined {
  if (!app.isPackaged) return undefined
  if (process.platform === 'linux') return desktopFile(env)
  return {
    on: async () => app.getLoginItemSettings({ args: ['--hidden'] }).openAtLogin,
    set: async (on) => app.setLoginItemSettings({ openAtLogin: on, args: ['--hidden'] }),
  }
}

function desktopFile(env: Readonly<Record<string, string | undefined>>): Autostart {
  const config = env.XDG_CONFIG_HOME || path.join(app.getPath('home'), '.config')
  const file = path.join(config, 'autostart', 'patchbay.desktop')
  return {
    on: () =>
      fs.access(file).then(
        () => true,
        () => false,
      ),
    async set(on) {
      if (!on) return fs.rm(file, { force: true })
      await fs.mkdir(path.dirname(file), { recursive: true })
      await fs.writeFile(file, autostartEntry(env.APPIMAGE || process.execPath))
    },
  }
}
