import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type RunningChild, startChild, untilChild } from './child-process.ts'

export interface GatewayProcess {
  url: string
  clientKey: string | null
  controlUrl: string | null
  /** PATCHBAY_HOME of this process. */
  home: string
  configFile: string | undefined
  stdout: () => string
  stderr: () => string
  pid: number
  /** Its exit code, once it has left. */
  ended: Promise<number>
  /** Writes another config over the file, as an editor would. */
  writeConfig(config: unknown): void
  /** SIGTERM; throws unless the gateway leaves with 0. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface GatewayOptions {
  /** Written to a file of its own and passed with --config; left out, the gateway starts from the environment. */
  config?: unknown
  env?: Record<string, string>
  flags?: string[]
  /** Flags of the control port; `--no-control` when left out. */
  control?: string[]
}

interface Listening {
  event: string
  url: string
  controlUrl: string | null
  clientKey: string | null
  pid: number
}

const root = path.resolve(import.meta.dirname, '../..')

/** The gateway as a user starts it: the public command, its own home, nothing of this machine's environment. */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-gateway-'))
  const configFile = options.config === undefined ? undefined : path.join(home, 'case.yaml')
  const write = (config: unknown): void => {
    // a text is a file as a person writes it; JSON is YAML; moved in place, so that a reader never sees half of it
    const text = typeof config === 'string' ? config : `${JSON.stringify(config, undefined, 2)}\n`
    fs.writeFileSync(`${home}/case.next`, text)
    fs.renameSync(`${home}/case.next`, path.join(home, 'case.yaml'))
  }
  if (options.config !== undefined) write(options.config)

  const running = startServe(home, configFile, options)
  const listening = await untilChild(running, 'npm run serve', {
    timeoutMs: 60_000,
    ready: () => firstLine(running),
  })
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= stopOnce(running, listening, home)
    return stopped
  }
  return {
    url: listening.url,
    clientKey: listening.clientKey,
    controlUrl: listening.controlUrl,
    home,
    configFile,
    stdout: running.stdout,
    stderr: running.stderr,
    pid: listening.pid,
    ended: running.ended,
    writeConfig: write,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function startServe(home: string, configFile: string | undefined, options: GatewayOptions): RunningChild {
  const control = options.control ?? ['--no-control']
  const flags = [...(configFile ? ['--config', configFile] : []), '--port', '0', ...control]
  return startChild('npm', ['run', '--silent', 'serve', '--', ...flags, ...(options.flags ?? [])], {
    cwd: root,
    env: {
      HOME: home,
      PATCHBAY_HOME: path.join(home, 'patchbay'),
      npm_config_update_notifier: 'false',
      ...options.env,
    },
  })
}

function firstLine(running: RunningChild): Listening | undefined {
  const [line, ...rest] = running.stdout().split('\n')
  if (!line || rest.length === 0) return undefined
  const listening = JSON.parse(line) as Listening
  if (listening.event !== 'listening') throw new Error(`the first line is not the listening event: ${line}`)
  return listening
}

async function stopOnce(running: RunningChild, listening: Listening, home: string): Promise<void> {
  const alreadyGone = running.child.exitCode !== null
  if (!alreadyGone) process.kill(listening.pid, 'SIGTERM')
  const late = setTimeout(() => process.kill(listening.pid, 'SIGKILL'), 15_000)
  const code = await running.ended
  clearTimeout(late)
  fs.rmSync(home, { recursive: true, force: true })
  if (alreadyGone) throw new Error(`the gateway had left by itself with ${code}\n${running.stderr()}`)
  if (code !== 0) throw new Error(`the gateway left with ${code} after SIGTERM\n${running.stderr()}`)
}
