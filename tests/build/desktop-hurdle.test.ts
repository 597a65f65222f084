import { expect, test } from 'vitest'
import { desktopHurdle } from '../../build/desktop-hurdle.mjs'

const display = { DISPLAY: ':0' }
const own = { ...display, ELECTRON_OVERRIDE_DIST_PATH: '/opt/electron' }

test.each([
  ['linux, a display', 'linux', display, false, [] as string[], undefined, undefined],
  ['linux, Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, false, [], undefined, undefined],
  ['linux, no display', 'linux', {}, false, [], undefined, 'There is no display for the desktop app'],
  ['linux as root', 'linux', display, true, [], undefined, 'The desktop app does not run as root'],
  ['linux as root, the sandbox given up', 'linux', display, true, ['--no-sandbox'], undefined, undefined],
  ['a program of its own', 'linux', own, true, [], 'fetch failed', undefined],
  ['macOS', 'darwin', {}, false, [], undefined, undefined],
  ['no way to get it', 'win32', {}, false, [], 'fetch failed', "Electron's program cannot be had here (fetch failed)"],
])('%s', (_name, platform, env, root, argv, failure, words) => {
  expect(desktopHurdle({ platform, env, root, argv, fetchBinary: () => failure })).toBe(words)
})
