import type { Run } from './run-program.ts'

/**
 * Whether somebody shows tray icons. Only Linux desktops may have nobody (GNOME without its extension): there it is the
 * owner of a name on the session bus. `unknown` where the bus cannot be asked; then we try, and show the window too.
 */
export async function trayHost(platform: NodeJS.Platform, run: Run): Promise<'present' | 'missing' | 'unknown'> {
  if (platform !== 'linux') return 'present'
  const args = ['--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus']
  const method = 'org.freedesktop.DBus.NameHasOwner'
  try {
    const text = await run('gdbus', ['call', ...args, '--method', method, 'org.kde.StatusNotifierWatcher'])
    return text.includes('true') ? 'present' : 'missing'
  } catch {
    // no gdbus, or no session bus to ask
    return 'unknown'
  }
}
