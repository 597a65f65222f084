import path from 'node:path'
import { expect, test } from 'vitest'
import { expandHome, patchbayHome, pathsIn } from '../../../src-core/config/paths.ts'

test.each<[string, NodeJS.Platform, Record<string, string>, string]>([
  ['Linux', 'linux', {}, '/home/u/.config/patchbay'],
  ['Linux with XDG', 'linux', { XDG_CONFIG_HOME: '/x' }, '/x/patchbay'],
  ['a relative XDG is ignored', 'linux', { XDG_CONFIG_HOME: 'x' }, '/home/u/.config/patchbay'],
  ['macOS', 'darwin', { XDG_CONFIG_HOME: '/x' }, '/home/u/Library/Application Support/patchbay'],
  ['Windows', 'win32', { APPDATA: '/roaming' }, '/roaming/patchbay'],
  ['PATCHBAY_HOME', 'linux', { PATCHBAY_HOME: '/p', XDG_CONFIG_HOME: '/x' }, '/p'],
  ['PATCHBAY_HOME with ~', 'darwin', { PATCHBAY_HOME: '~/p' }, '/home/u/p'],
  ['an empty PATCHBAY_HOME', 'linux', { PATCHBAY_HOME: '' }, '/home/u/.config/patchbay'],
])('home on %s', (_name, platform, env, home) => {
  expect(patchbayHome({ env, platform, userHome: '/home/u' })).toBe(home)
})

test('config, state and logs move together', () => {
  const outside = Object.values(pathsIn('/p')).filter((each) => each !== '/p' && !each.startsWith(`/p${path.sep}`))
  expect(outside).toEqual([])
})

test.each([
  ['~/x', '/home/u/x'],
  ['~', '/home/u'],
  ['~x/y', '~x/y'],
  ['/a/~/b', '/a/~/b'],
])('%s is %s', (written, meant) => {
  expect(expandHome(written, '/home/u')).toBe(meant)
})
