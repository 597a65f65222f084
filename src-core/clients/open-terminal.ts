import { spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import path from 'node:path'
import { ConnectError } from './connect-error.ts'
import { type TerminalCommand, terminalPrograms } from './terminal-command.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Which of the terminals we know are on the PATH. */
export async function foundTerminals(platform: NodeJS.Platform, env: Environment): Promise<string[]> {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  const isThere = (program: string) =>
    Promise.any(folders.map((folder) => fs.access(path.join(folder, program), fs.constants.X_OK))).then(
      () => [program],
      () => [],
    )
  return (await Promise.all(terminalPrograms(platform).map(isThere))).flat()
}

export interface OpenTerminalOptions {
  command: TerminalCommand
  env: Environment
  scriptFile: string
  workingDirectory: string
}

/** One that fails does so at once; one that runs is not waited for. */
const provenMs = 1500

/** Opens it and lets it go: it outlives Patchbay. */
export async function openTerminal({ command, env, scriptFile, workingDirectory }: OpenTerminalOptions): Promise<void> {
  const { name, program, args, script } = command
  if (script !== undefined) {
    await fs.mkdir(path.dirname(scriptFile), { recursive: true, mode: 0o700 })
    // made anew, so that its mode is ours
    await fs.rm(scriptFile, { force: true })
    await fs.writeFile(scriptFile, script, { mode: 0o700, flag: 'wx' })
  }
  const child = spawn(program, args, { env, cwd: workingDirectory, detached: true, stdio: 'ignore' })
  await new Promise<void>((resolve, reject) => {
    const proven = setTimeout(resolve, provenMs)
    child.once('error', (cause) => {
      clearTimeout(proven)
      reject(new ConnectError(`${name} could not be started: ${cause.message}`))
    })
    child.once('exit', (code) => {
      clearTimeout(proven)
      if (code === 0) resolve()
      else reject(new ConnectError(`${name} ended at once (exit ${code}): start gemini in a terminal of your own.`))
    })
  })
  child.unref()
}
