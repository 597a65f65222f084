import { describe, expect, test } from 'vitest'
import { autostartEntry } from '../../electron/autostart-entry.ts'
import { mayOpen } from '../../electron/may-open.ts'
import { readOptions } from '../../electron/options.ts'
import { portHolder } from '../../electron/port-holder.ts'
import { restingForTheNetwork } from '../../electron/resting-for-network.ts'
import type { Run } from '../../electron/run-program.ts'
import { trayHost } from '../../electron/tray-host.ts'
import { usersShell } from '../../electron/users-shell.ts'

/** The programs of a system, by what they print; any other is missing. */
const system =
  (printed: Record<string, string>): Run =>
  async (program) => {
    if (printed[program] === undefined) throw new Error(`spawn ${program} ENOENT`)
    return printed[program]
  }

describe('the command line', () => {
  test.each([
    [[], { hidden: false }],
    [['--port', '0', '--host', '::1'], { port: 0, host: '::1' }],
    [['--control-port=4142', '--hidden'], { controlPort: 4142, hidden: true }],
    [['--no-sandbox', '--user-data-dir=/x', '--inspect=0', '--config', 'a.yaml'], { config: 'a.yaml' }],
  ])('%j', (argv, options) => {
    expect(readOptions(argv)).toMatchObject(options)
  })

  test.each([
    [['--port', 'x'], '--port takes a number from 0 to 65535, not x.'],
    [['--port', '65536'], '--port takes a number from 0 to 65535, not 65536.'],
    [['--config'], '--config needs a value.'],
  ])('%j is refused', (argv, words) => {
    expect(readOptions(argv)).toEqual({ problem: words })
  })
})

test.each([
  ['https://accounts.google.com/o/oauth2/v2/auth?x=1', true],
  ['http://example.com/', false],
  ['http://127.0.0.1:4142/', false],
  ['https://user:secret@example.com/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['ms-settings:privacy', false],
  ['no address', false],
])('%s may be opened: %s', (url, may) => {
  expect(mayOpen(url)).toBe(may)
})

describe('who has the port', () => {
  const ss = 'LISTEN 0 511 127.0.0.1:4141 0.0.0.0:* users:(("node",pid=123,fd=20))\n'
  const netstat =
    '\r\nActive Connections\r\n\r\n  Proto  Local Address   Foreign Address  State  PID\r\n' +
    '  TCP    127.0.0.1:41411  0.0.0.0:0   LISTENING  7\r\n  TCP    127.0.0.1:4141  0.0.0.0:0   LISTENING  88\r\n'
  test.each([
    ['linux', { ss }, { name: 'node', pid: 123 }],
    ['linux', { ss: 'LISTEN 0 511 127.0.0.1:4141 0.0.0.0:*\n' }, undefined],
    ['linux', {}, undefined],
    ['darwin', { lsof: 'p501\ncControlCe\nf10\n' }, { name: 'ControlCe', pid: 501 }],
    ['win32', { netstat, tasklist: '"python.exe","88","Console","1","50,000 K"\r\n' }, { name: 'python.exe', pid: 88 }],
    ['win32', { netstat: '' }, undefined],
  ] as const)('%s %#', async (platform, printed, holder) => {
    expect(await portHolder(4141, platform, system(printed))).toEqual(holder)
  })
})

test.each([
  ['darwin', {}, 'present'],
  ['win32', {}, 'present'],
  ['linux', { gdbus: '(true,)\n' }, 'present'],
  ['linux', { gdbus: '(false,)\n' }, 'missing'],
  ['linux', {}, 'unknown'],
] as const)('a tray host on %s %j: %s', async (platform, printed, host) => {
  expect(await trayHost(platform, system(printed))).toBe(host)
})

test('after sleep only what the network did is forgotten', () => {
  const resting = (target: string, kind: string, state = 'cooling') => ({
    target,
    state,
    since: 0,
    until: 1,
    failure: { kind, message: '' },
  })
  const targets = [
    resting('a.unreachable', 'provider-unreachable'),
    resting('a.slow', 'timeout', 'tripped'),
    resting('a.limit', 'rate-limited'),
    resting('a.key', 'bad-credentials', 'tripped'),
    resting('a.well', 'timeout', 'healthy'),
  ] as Parameters<typeof restingForTheNetwork>[0]['targets']
  expect(restingForTheNetwork({ targets, credentials: [] })).toEqual(['a.unreachable', 'a.slow'])
})

test.each([
  ['/opt/Patch Bay/patchbay', 'Exec="/opt/Patch Bay/patchbay" --hidden'],
  ['/home/a$b/100%/p"q', 'Exec="/home/a\\$b/100%%/p\\"q" --hidden'],
])('autostart of %s', (program, line) => {
  expect(autostartEntry(program).split('\n')).toContain(line)
})

test.each([
  ['linux', '/usr/bin/zsh', 'zsh'],
  ['darwin', '/opt/homebrew/bin/fish', 'fish'],
  ['linux', '/bin/dash', 'bash'],
  ['linux', undefined, 'bash'],
  ['win32', undefined, 'powershell'],
] as const)('the shell on %s with SHELL=%s: %s', (platform, SHELL, shell) => {
  expect(usersShell({ platform, env: { SHELL } })).toBe(shell)
})
