import { type ChildProcess, spawn } from 'node:child_process'

export interface RunningChild {
  child: ChildProcess
  stdout: () => string
  stderr: () => string
  /** Fulfilled with the exit code; a signal counts as 128. */
  ended: Promise<number>
}

export interface ChildOptions {
  cwd?: string
  env?: Record<string, string>
  stdin?: string
}

const running = new Set<ChildProcess>()
// a test run that dies takes its children with it
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A child with nothing of this machine in its environment but the search path; it leaves this machine's keychain alone. */
export function startChild(command: string, args: string[], options: ChildOptions = {}): RunningChild {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', PATCHBAY_KEYCHAIN: 'off', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  running.add(child)
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => out.push(piece))
  child.stderr.on('data', (piece: Buffer) => err.push(piece))
  child.stdin.on('error', () => {}) // the child may leave without reading
  child.stdin.end(options.stdin ?? '')
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      running.delete(child)
      resolve(code ?? 128)
    })
  })
  ended.catch(() => {}) // whoever waits hears of it
  return {
    child,
    stdout: () => Buffer.concat(out).toString('utf8'),
    stderr: () => Buffer.concat(err).toString('utf8'),
    ended,
  }
}

/** Fulfils when `ready` gives something, and says what the child wrote when it never does. */
export async function untilChild<T>(running: RunningChild, what: string, options: UntilOptions<T>): Promise<T> {
  const giveUp = Date.now() + options.timeoutMs
  let exit: number | undefined
  const ended = running.ended.then((code) => {
    exit = code
  })
  for (;;) {
    const found = await options.ready()
    if (found !== undefined) return found
    if (exit !== undefined) throw new Error(`${what}: exited with ${exit}\n${running.stderr()}\n${running.stdout()}`)
    if (Date.now() > giveUp) throw new Error(`${what}: not ready in time\n${running.stderr()}\n${running.stdout()}`)
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 25))])
  }
}

export interface UntilOptions<T> {
  timeoutMs: number
  ready(): T | undefined | Promise<T | undefined>
}
