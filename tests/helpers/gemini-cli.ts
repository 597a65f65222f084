import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startChild } from './child-process.ts'
import { startMetadataServer } from './metadata-server.ts'

export interface CliRun {
  exitCode: number
  stdout: string
  stderr: string
  ms: number
}

export interface CliOptions {
  /** The gateway (or a provider) without a path. */
  url: string
  key: string
  prompt: string
  /** Pins the model; left out the CLI is on auto and asks its router first. */
  model?: string
  flags?: string[]
  /** Files of the workspace the CLI runs in. */
  files?: Record<string, string | Buffer>
  stdin?: string
  /** Added to the user settings. */
  settings?: Record<string, unknown>
  env?: Record<string, string>
  /** Home and workspace of a session that goes on over several runs (`--resume latest`); the caller removes it. */
  folder?: string
  /** The API-key road is the default; `code-assist` signs in by the machine's metadata server. */
  road?: 'api-key' | 'code-assist'
}

const bundle = path.resolve(import.meta.dirname, '../../node_modules/@google/gemini-cli/bundle/gemini.js')

/** The real Gemini CLI, headless, in a home and a workspace of its own; it reaches nothing but `url`. */
export async function runGeminiCli(options: CliOptions): Promise<CliRun> {
  const folder = options.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-cli-'))
  const workspace = path.join(folder, 'workspace')
  const temporary = path.join(folder, 'tmp')
  for (const made of [workspace, temporary, path.join(folder, '.gemini')]) fs.mkdirSync(made, { recursive: true })
  for (const [name, content] of Object.entries(options.files ?? {})) {
    fs.writeFileSync(path.join(workspace, name), content)
  }
  const road = options.road ?? 'api-key'
  await using metadata = road === 'code-assist' ? await startMetadataServer(options.key) : undefined
  fs.writeFileSync(path.join(folder, '.gemini/settings.json'), JSON.stringify(settingsFor(road, options.settings)))

  const started = Date.now()
  const flags = [...(options.model ? ['-m', options.model] : []), '-p', options.prompt, ...(options.flags ?? [])]
  const run = startChild(process.execPath, [bundle, ...flags], {
    cwd: workspace,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    env: {
      HOME: folder,
      TMPDIR: temporary,
      GEMINI_CLI_HOME: folder,
      GEMINI_CLI_NO_RELAUNCH: 'true',
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
      NO_PROXY: '127.0.0.1,localhost',
      NO_COLOR: '1',
      ...(metadata ? codeAssistRoad(options, metadata.host) : apiKeyRoad(options)),
      ...options.env,
    },
  })
  const exitCode = await run.ended
  const ms = Date.now() - started
  if (options.folder === undefined) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  return { exitCode, stdout: run.stdout(), stderr: run.stderr(), ms }
}

function settingsFor(road: 'api-key' | 'code-assist', more: Record<string, unknown> = {}): unknown {
  const selectedType = road === 'code-assist' ? 'compute-default-credentials' : 'gemini-api-key'
  return {
    security: { auth: { selectedType } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    ...more,
  }
}

function apiKeyRoad({ url, key }: CliOptions): Record<string, string> {
  return { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key }
}

function codeAssistRoad({ url }: CliOptions, metadataHost: string): Record<string, string> {
  return { GEMINI_CLI_USE_COMPUTE_ADC: 'true', GCE_METADATA_HOST: metadataHost, CODE_ASSIST_ENDPOINT: url }
}
