import { describe, expect, test } from 'vitest'
import { type TerminalWish, terminalCommand, terminalPrograms } from '../../../src-core/clients/terminal-command.ts'

const key = 'pb-canary'
const wish: TerminalWish = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  found: terminalPrograms('linux'),
  command: 'gemini',
  variables: new Map([['GEMINI_API_KEY', `${key}'quoted`]]),
  scriptFile: '/state/gemini-cli.command',
}

const stayOpen = `gemini; exec "\${SHELL:-/bin/sh}"`

describe('Linux', () => {
  const run = ['sh', '-c', stayOpen]
  test.each([
    ['x-terminal-emulator', ['-e', ...run]],
    ['gnome-terminal', ['--', ...run]],
    ['konsole', ['--separate', '-e', ...run]],
    ['xfce4-terminal', ['--disable-server', '-x', ...run]],
    ['kitty', run],
    ['xterm', ['-e', ...run]],
  ])('%s', (program, args) => {
    expect(terminalCommand({ ...wish, found: [program] })).toEqual({ name: program, program, args })
  })
  test('the one the system names comes first', () => {
    expect(terminalCommand({ ...wish, found: ['xterm', 'x-terminal-emulator'] })?.name).toBe('x-terminal-emulator')
  })
  test.each([
    ['no terminal', { found: [] }],
    ['no screen', { env: {} }],
    ['an empty name of one', { env: { DISPLAY: '' } }],
  ])('none where there is %s', (_case, more) => {
    expect(terminalCommand({ ...wish, ...more })).toBeUndefined()
  })
  test('Wayland is a screen', () => {
    expect(terminalCommand({ ...wish, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeDefined()
  })
})

test('macOS: a script that removes itself first and quotes what it sets', () => {
  const made = terminalCommand({ ...wish, platform: 'darwin' })!
  expect([made.program, made.args]).toEqual(['/usr/bin/open', ['-a', 'Terminal', '/state/gemini-cli.command']])
  expect(made.script?.split('\n')).toEqual([
    '#!/bin/sh',
    'rm -f -- "$0"',
    `export GEMINI_API_KEY='${key}'\\''quoted'`,
    stayOpen,
    '',
  ])
})

test('Windows: the terminal the user has chosen', () => {
  const made = terminalCommand({ ...wish, platform: 'win32', env: { ComSpec: 'C:\\cmd.exe' } })!
  expect([made.program, made.args.at(-1)]).toEqual(['C:\\cmd.exe', 'gemini'])
})

test.each(['linux', 'darwin', 'win32'] as const)('on %s no argument holds a value', (platform) => {
  expect(JSON.stringify(terminalCommand({ ...wish, platform })!.args)).not.toContain(key)
})

test('elsewhere there is none', () => {
  expect(terminalCommand({ ...wish, platform: 'freebsd' })).toBeUndefined()
})
