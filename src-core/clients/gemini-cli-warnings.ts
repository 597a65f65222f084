import path from 'node:path'
import { envFile } from './env-file.ts'
import type { GatewayAddress } from './gateway-address.ts'
import { envSearchOrder, exists, geminiCliFiles, geminiCliHome } from './gemini-cli-files.ts'
import { selectedTypeKey, selectedTypeValue } from './gemini-cli-wants.ts'
import { coversLoopback } from './no-proxy.ts'
import { settingsFile } from './settings-file.ts'
import { readTextFile, type TextFile } from './text-file.ts'

export interface WarningsInput {
  gateway: GatewayAddress
  home: string
  environment: Readonly<Record<string, string | undefined>>
  workingDirectory: string
  keepOwnKey?: boolean
  files: { settings: TextFile; env: TextFile }
  /** The values go into files, which every exported variable outranks. */
  writing: boolean
}

/** Everything that would quietly send the CLI elsewhere, each as one sentence with its cure. */
export async function geminiCliWarnings(input: WarningsInput): Promise<string[]> {
  const workspace = await workspaceSettings(input)
  return [
    ...ownKeyWarnings(input),
    ...(input.writing ? shellWarnings(input) : []),
    ...(await envFileWarnings(input)),
    ...settingsWarnings(input, workspace),
    ...sandboxWarnings(input, workspace),
  ]
}

function ownKeyWarnings({ keepOwnKey, environment, files }: WarningsInput): string[] {
  if (!keepOwnKey || environment.GEMINI_API_KEY || envFile.find(files.env.text ?? '', 'GEMINI_API_KEY')?.value)
    return []
  return ['You keep your own Gemini key, but GEMINI_API_KEY is not set: the CLI will not start until it is.']
}

function shellWarnings({ environment, gateway, keepOwnKey, files }: WarningsInput): string[] {
  const warnings: string[] = []
  const outranks = (name: string) => `Your shell already sets ${name}, and the CLI prefers that to its .env file`
  const baseUrl = environment.GOOGLE_GEMINI_BASE_URL
  if (baseUrl && !baseUrl.startsWith(gateway.url)) {
    warnings.push(`${outranks('GOOGLE_GEMINI_BASE_URL')}: it would go to ${shownUrl(baseUrl)}. Unset it there.`)
  }
  const key = environment.GEMINI_API_KEY
  if (key && gateway.clientKey !== null && key !== gateway.clientKey && !keepOwnKey) {
    warnings.push(
      `${outranks('GEMINI_API_KEY')}: the gateway would refuse that key. Unset it there, or connect with --keep-key.`,
    )
  }
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const value = environment[name]
    if (value === undefined || coversLoopback(value)) continue
    warnings.push(`${outranks(name)}: add 127.0.0.1,localhost to it, or a proxy will swallow the calls to the gateway.`)
  }
  if ((files.env.mode & 0o077) !== 0 && files.env.text !== undefined && process.platform !== 'win32') {
    warnings.push(`Others on this machine may read ${files.env.path}; "chmod 600" keeps the client key to yourself.`)
  }
  return warnings
}

async function envFileWarnings(input: WarningsInput): Promise<string[]> {
  const { env } = geminiCliFiles(input)
  const order = envSearchOrder(input)
  const warnings: string[] = []
  for (const candidate of order) {
    if (candidate === env) {
      if (!input.writing) continue
      const hiddenOne = path.join(geminiCliHome(input), '.env')
      if (
        input.files.env.text === undefined &&
        (await exists(hiddenOne)) &&
        order.indexOf(hiddenOne) > order.indexOf(env)
      ) {
        warnings.push(
          `The CLI reads only the first .env it finds: ${hiddenOne} will no longer be read, because ${env} comes first.`,
        )
      }
      break
    }
    if (!(await exists(candidate))) continue
    const { text } = await readTextFile(candidate)
    const other = envFile.find(text ?? '', 'GOOGLE_GEMINI_BASE_URL')?.value
    if (input.writing) {
      const goes = other ? `sends it to ${shownUrl(String(other))}` : 'does not name the gateway'
      warnings.push(
        `In this folder the CLI reads ${candidate} and not ${env}, and that file ${goes}. ` +
          'Put the lines that "--print" shows into it, or export them in your shell.',
      )
    } else if (other && !String(other).startsWith(input.gateway.url)) {
      warnings.push(
        `${candidate} sends the CLI to ${shownUrl(String(other))} wherever these lines are not exported; take that line out.`,
      )
    }
    break
  }
  return warnings
}

interface Settings {
  path: string
  text: string
}

/** The workspace's settings outrank the user's. They are only looked at, so a broken file is not our business. */
async function workspaceSettings(input: WarningsInput): Promise<Settings | undefined> {
  const file = path.join(path.resolve(input.workingDirectory), '.gemini', 'settings.json')
  if (file === geminiCliFiles(input).settings || !(await exists(file))) return undefined
  return { path: file, text: (await readTextFile(file)).text ?? '' }
}

function settingsWarnings({ files }: WarningsInput, workspace: Settings | undefined): string[] {
  const warnings: string[] = []
  const user = { path: files.settings.path, text: files.settings.text ?? '' }
  if (user.text.startsWith('\uFEFF')) {
    warnings.push(
      `${user.path} begins with a byte order mark, which the CLI cannot read. Save it as UTF-8 without one.`,
    )
  }
  const other = workspace && settingsFile.find(workspace.text, selectedTypeKey)?.value
  if (workspace && other !== undefined && other !== selectedTypeValue) {
    warnings.push(`${workspace.path} chooses the sign-in "${other}" for this folder and outranks your own settings.`)
  }
  for (const { path: where, text } of workspace ? [user, workspace] : [user]) {
    const enforced = settingsFile.find(text, 'security.auth.enforcedType')?.value
    if (enforced === undefined || enforced === selectedTypeValue) continue
    warnings.push(
      `${where} allows only the sign-in "${enforced}" (security.auth.enforcedType); the CLI will refuse the gateway.`,
    )
  }
  return warnings
}

function sandboxWarnings({ environment, files, gateway }: WarningsInput, workspace: Settings | undefined): string[] {
  const named = environment.GEMINI_SANDBOX?.trim().toLowerCase()
  const inSettings = [workspace?.text, files.settings.text]
    .map((text) => settingsFile.find(text ?? '', 'tools.sandbox')?.value)
    .find((value) => value !== undefined)
  const sandbox = named || inSettings
  if (!sandbox || sandbox === '0' || sandbox === 'false' || sandbox === 'sandbox-exec') return []
  if (!/^https?:\/\/(localhost|127\.|\[::1\])/.test(gateway.url)) return []
  return [
    'Sandbox mode is on. Inside a Docker or Podman sandbox 127.0.0.1 is the container, not this machine, so the CLI ' +
      'cannot reach the gateway there. On Linux, SANDBOX_FLAGS="--network host" shares the network; else run without the sandbox.',
  ]
}

/** An address may carry a key in its path or name. */
function shownUrl(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : 'another address'
}
