import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { KeychainBackendName } from '../config/schema.ts'
import { KeychainError, keychainError } from './keychain-error.ts'
import type { KeychainAnswer, KeychainCall } from './keychain-worker.ts'

/** The keychain's library at work. */
export interface KeychainProcess {
  /** One call at a time. Rejects with a KeychainError. */
  ask(call: KeychainCall): Promise<string | boolean | undefined>
  close(): void
}

export interface KeychainProcessOptions {
  backend: KeychainBackendName
  /** What the entries are filed under. */
  service: string
  env: Readonly<Record<string, string | undefined>>
  /** How long it stays when nobody asks. */
  idleMs?: number
}

/**
 * The library lives in a process of its own, started when needed and ended when idle: it waits for the system's bus
 * without returning, an unanswered prompt would keep this process from ending, and keytar can crash.
 */
export function createKeychainProcess(options: KeychainProcessOptions): KeychainProcess {
  const { backend, service, env, idleMs = 5000 } = options
  let child: ChildProcess | undefined
  let waiting: ((answer: KeychainAnswer) => void) | undefined
  let idle: NodeJS.Timeout | undefined

  function start(): ChildProcess {
    const made = fork(fileURLToPath(new URL('./keychain-worker.ts', import.meta.url)), [backend, service], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const ended = (because: string) => {
      if (child !== made) return
      child = undefined
      answered({ problem: because })
    }
    made.on('message', answered)
    made.on('error', (error) => ended(error.message))
    made.on('exit', (code, signal) => ended(`the process that asks it ended with ${signal ?? code}`))
    return made
  }

  function answered(answer: KeychainAnswer): void {
    waiting?.(answer)
    waiting = undefined
  }

  function end(): void {
    clearTimeout(idle)
    child?.kill('SIGKILL')
    child = undefined
    answered({ problem: 'it is closed' })
  }

  return {
    async ask(call) {
      clearTimeout(idle)
      const answer = new Promise<KeychainAnswer>((resolve) => {
        waiting = resolve
      })
      child ??= start()
      keepsAlive(child, true)
      child.send(call)
      const given = await answer
      if (child) keepsAlive(child, false)
      idle = setTimeout(end, idleMs)
      idle.unref()
      if (!('problem' in given)) return given.value
      throw backend === 'keytar' && /cannot find (?:package|module)/i.test(given.problem)
        ? new KeychainError('unavailable', 'secrets.backend is keytar, and keytar is not installed', given.problem)
        : keychainError(given.problem)
    },
    close: end,
  }
}

/** Only what is under way keeps this process. */
function keepsAlive(child: ChildProcess, under: boolean): void {
  if (under) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}
