import { type StdioOptions, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type RunningChild, startChild, untilChild } from './child-process.ts'

/** A D-Bus session with a gnome-keyring of its own, far from that of whoever runs the tests. */
export interface KeyringSession {
  /** What a process needs to reach it. */
  env: Record<string, string>
  /** Locks it. Nobody can unlock it: there is no screen for a prompt. */
  lock(): void
  [Symbol.asyncDispose](): Promise<void>
}

const tools = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon']
const missing = tools.filter((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined)

/** Why there can be no session on this machine; undefined: there can. */
export const noKeyringSession =
  process.platform !== 'linux'
    ? 'gnome-keyring is a keychain of Linux'
    : missing.length > 0
      ? `not installed: ${missing.join(', ')}`
      : undefined

const service = 'org.freedesktop.secrets'
const login = '/org/freedesktop/secrets/collection/login'
const lockLogin = ['/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', `array:objpath:${login}`]
const stdio: StdioOptions = ['pipe', 'ignore', 'ignore']

/** `unlocked`: with a keyring to keep things in; `no collection`: a keychain without any. */
export async function startKeyringSession(state: 'unlocked' | 'no collection'): Promise<KeyringSession> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-keyring-'))
  fs.mkdirSync(path.join(home, '.local', 'share', 'keyrings'), { recursive: true })
  const place = { HOME: home, XDG_RUNTIME_DIR: home }
  const bus = startChild('dbus-daemon', ['--session', '--nofork', '--print-address'], { env: place })
  const address = await untilChild(bus, 'dbus-daemon', { timeoutMs: 20_000, ready: () => firstLine(bus) })
  const env = { ...place, DBUS_SESSION_BUS_ADDRESS: address }
  const run = (command: string, args: string[], input = '') => {
    const { status } = spawnSync(command, args, { env: { PATH: process.env.PATH, ...env }, input, stdio })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}`)
  }
  // goes into the background when it is ready, and ends with the bus
  if (state === 'unlocked') run('gnome-keyring-daemon', ['--unlock', '--components=secrets'], 'a password')
  else run('gnome-keyring-daemon', ['--start', '--components=secrets'])
  return {
    env,
    lock: () => run('dbus-send', ['--session', '--print-reply', `--dest=${service}`, ...lockLogin]),
    async [Symbol.asyncDispose]() {
      bus.child.kill('SIGTERM')
      await bus.ended
      fs.rmSync(home, { recursive: true, force: true })
    },
  }
}

function firstLine(running: RunningChild): string | undefined {
  const [line, ...rest] = running.stdout().split('\n')
  return rest.length > 0 ? line : undefined
}
