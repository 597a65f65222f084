import fs from 'node:fs/promises'
import path from 'node:path'
import { atomicWrite } from '../config/atomic-write.ts'
import { ConnectError } from './connect-error.ts'
import type { GeminiCliOptions } from './gemini-cli.ts'
import { exists } from './gemini-cli-files.ts'
import { foundTerminals, openTerminal } from './open-terminal.ts'
import { printGeminiCli } from './print-gemini-cli.ts'
import { terminalCommand } from './terminal-command.ts'

export type LaunchOptions = GeminiCliOptions & { platform: NodeJS.Platform }

/** The terminal there is, by name; undefined where there is none. */
export async function geminiCliTerminal({ platform, environment }: Place): Promise<string | undefined> {
  const found = await foundTerminals(platform, environment)
  return terminalCommand({ platform, env: environment, found, ...nothingToSay })?.name
}

type Place = Pick<LaunchOptions, 'platform' | 'environment'>

const command = 'gemini'
const nothingToSay = { command, variables: new Map<string, string>(), scriptFile: '' }

/**
 * Opens a terminal in which the Gemini CLI runs on this gateway, by its environment alone: no file of the user's changes.
 * `ownSettings` is false where their settings choose another way to sign in, or none (then it would ask for one): there it
 * runs with a home of its own.
 */
export async function launchGeminiCli(options: LaunchOptions): Promise<{ terminal: string; ownSettings: boolean }> {
  const { platform, environment, stateFolder, workingDirectory } = options
  const { variables, settings } = await printGeminiCli(options)
  const scriptFile = path.join(stateFolder, 'gemini-cli.command')
  const wanted = new Map(variables)
  if (!settings.ready) wanted.set('GEMINI_CLI_HOME', await homeOfOurs(stateFolder, settings.snippet))
  const found = await foundTerminals(platform, environment)
  const opening = terminalCommand({ platform, env: environment, found, command, variables: wanted, scriptFile })
  if (!opening) throw new ConnectError('There is no terminal here that Patchbay knows how to open.')
  const env = { ...without(environment, otherWays), ...Object.fromEntries(wanted) }
  await openTerminal({ command: opening, env, scriptFile, workingDirectory })
  return { terminal: opening.name, ownSettings: settings.ready }
}

/** Variables by which the CLI would take another way than the one it is sent. */
const otherWays = ['GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_GCA', 'CODE_ASSIST_ENDPOINT']

function without(environment: LaunchOptions['environment'], names: readonly string[]): Record<string, string> {
  const entries = Object.entries(environment).filter(([name, value]) => value !== undefined && !names.includes(name))
  return Object.fromEntries(entries) as Record<string, string>
}

async function homeOfOurs(stateFolder: string, settings: string): Promise<string> {
  const home = path.join(stateFolder, 'gemini-cli')
  await fs.mkdir(path.join(home, '.gemini'), { recursive: true, mode: 0o700 })
  const file = path.join(home, '.gemini', 'settings.json')
  // what the CLI has added there stays
  if (!(await exists(file))) await atomicWrite(file, `${settings}\n`)
  return home
}
