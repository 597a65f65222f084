import { clientGateway, refuseLoop } from './gateway-address.ts'
import type { GeminiCliOptions } from './gemini-cli.ts'
import { geminiCliFiles } from './gemini-cli-files.ts'
import { geminiCliVariables, selectedTypeKey, selectedTypeValue } from './gemini-cli-wants.ts'
import { geminiCliWarnings } from './gemini-cli-warnings.ts'
import { settingsFile } from './settings-file.ts'
import { type Shell, shellLines } from './shell-lines.ts'
import { readTextFile } from './text-file.ts'

export interface GeminiCliLines {
  url: string
  /** They hold the client key. */
  variables: ReadonlyMap<string, string>
  /** The lines for each shell, to set them. */
  lines: Record<Shell, string[]>
  /** The settings file and what it must hold; `ready` when it does already. */
  settings: { path: string; snippet: string; ready: boolean }
  notes: string[]
  warnings: string[]
}

/** Everything a person needs to point the CLI at the gateway by hand. Writes nothing. */
export async function printGeminiCli(options: GeminiCliOptions): Promise<GeminiCliLines> {
  const gateway = clientGateway(options.gateway)
  refuseLoop(gateway.url, options.upstreams ?? [])
  const paths = geminiCliFiles(options)
  const settings = await readTextFile(paths.settings)
  const env = await readTextFile(paths.env)
  settingsFile.check(settings.text ?? '', settings.path)
  const variables = geminiCliVariables({ ...options, gateway, env: '' })
  return {
    url: gateway.url,
    variables,
    lines: {
      bash: shellLines('bash', variables),
      zsh: shellLines('zsh', variables),
      fish: shellLines('fish', variables),
      powershell: shellLines('powershell', variables),
      cmd: shellLines('cmd', variables),
    },
    settings: {
      path: paths.settings,
      snippet: `{ "security": { "auth": { "selectedType": "${selectedTypeValue}" } } }`,
      ready: settingsFile.find(settings.text ?? '', selectedTypeKey)?.value === selectedTypeValue,
    },
    notes: geminiCliNotes,
    warnings: await geminiCliWarnings({ ...options, gateway, files: { settings, env }, writing: false }),
  }
}

/** True for everybody, so said to everybody. */
export const geminiCliNotes = [
  'In a folder the CLI does not trust, its headless mode (gemini -p) stops with exit 55: ' +
    'set GEMINI_CLI_TRUST_WORKSPACE=true or pass --skip-trust. There it ignores ~/.gemini/.env too.',
  'Start Patchbay itself from a shell without these variables: it would take GEMINI_API_KEY for your key at Google.',
]
