import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from './child-process.ts'

/** The Python of a virtual environment that has the locked LiteLLM, or why there is none. */
export type LitellmVenv = { python: string } | { skipped: string }

const lock = path.resolve(import.meta.dirname, '../litellm/requirements.lock')

/** Where it stands: outside the tree, one folder for each content of the lock file. */
function venvFolder(): string {
  const hash = createHash('sha256').update(fs.readFileSync(lock)).digest('hex').slice(0, 16)
  const cache = process.env.XDG_CACHE_HOME || path.join(os.tmpdir(), 'patchbay-cache')
  return path.join(cache, 'patchbay-tests', `litellm-${hash}`)
}

/** Made once and kept; a second run that comes while the first is still installing waits for it. */
export async function litellmVenv(): Promise<LitellmVenv> {
  const folder = venvFolder()
  const ready = { python: path.join(folder, 'bin', 'python') }
  const pause = `${folder}.lock`
  fs.mkdirSync(path.dirname(folder), { recursive: true })
  for (;;) {
    if (fs.existsSync(path.join(folder, 'complete'))) return ready
    if (takeLock(pause)) break
    await wait(500)
  }
  try {
    const found = await findPython()
    if ('skipped' in found) return found
    fs.rmSync(folder, { recursive: true, force: true })
    await run(found.python, ['-m', 'venv', folder])
    await run(ready.python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes', '-r', lock])
    fs.writeFileSync(path.join(folder, 'complete'), '')
    return ready
  } finally {
    fs.rmSync(pause, { force: true })
  }
}

/** True when the lock is ours now; one whose process is gone is taken over. */
function takeLock(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const holder = Number(readIfThere(file))
  if (holder > 0 && isAlive(holder)) return false
  fs.rmSync(file, { force: true })
  return false
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return '' // released meanwhile
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function findPython(): Promise<LitellmVenv> {
  const probe = 'import sys, venv, ensurepip; sys.exit(0 if (3, 10) <= sys.version_info < (3, 15) else 3)'
  const seen: string[] = []
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']) {
    const code = await startChild(name, ['-c', probe]).ended.catch(() => 127)
    if (code === 0) return { python: name }
    if (code === 3) seen.push(`${name} has another version than 3.10 to 3.14`)
    if (code === 1) seen.push(`${name} has no venv module`)
  }
  return { skipped: seen.length > 0 ? seen.join(', ') : 'no python3 was found' }
}

async function run(command: string, args: string[]): Promise<void> {
  const child = startChild(command, args, { env: pipEnvironment() })
  const code = await child.ended
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${code}\n${child.stderr()}`)
}

/** How this machine reaches its package index is the machine's own business. */
function pipEnvironment(): Record<string, string> {
  const wanted = /^(pip_|https?_proxy$|no_proxy$|all_proxy$|ssl_cert_|requests_ca_|home$|xdg_)/i
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (wanted.test(name) && value ? [[name, value]] : [])),
  )
}

// `node tests/helpers/litellm-venv.ts` prepares it, so that the tests need not wait
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await litellmVenv()
  if ('skipped' in made) console.log(`LiteLLM tests will be skipped: ${made.skipped}`)
}
