/**
 * Why the desktop app cannot be opened here, in words; undefined when it can. `fetchBinary` gets Electron's program where
 * it is missing and returns what went wrong.
 */
export function desktopHurdle({ platform, env, root, argv, fetchBinary }) {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'There is no display for the desktop app'
  // somebody brings a program of their own
  if (env.ELECTRON_OVERRIDE_DIST_PATH) return undefined
  if (platform === 'linux' && root && !argv.includes('--no-sandbox')) return 'The desktop app does not run as root'
  const failure = fetchBinary()
  return failure && `Electron's program cannot be had here (${failure})`
}
