import os from 'node:os'
import readline from 'node:readline/promises'
import {
  ConfigError,
  ConnectError,
  connectGeminiCli,
  disconnectGeminiCli,
  type GeminiCliOptions,
  geminiCliNotes,
  type KnownGateway,
  knownGateway,
  previewGeminiCli,
  printGeminiCli,
  printProblem,
  runningGateway,
  stateFolder,
} from '../src-core/index.ts'
import { type Flags, readFlags, usage } from './connect-flags.ts'

export interface ConnectIo {
  stdout: (text: string) => void
  stderr: (text: string) => void
  /** Undefined when nobody sits at the keyboard: then --write writes. */
  ask?: (question: string) => Promise<boolean>
  environment: Readonly<Record<string, string | undefined>>
  home: string
  workingDirectory: string
  now: () => Date
  /** Patchbay's own: where its state lies, and what its config says. */
  stateFolder: string
  known: (configFile: string | undefined) => Promise<KnownGateway>
}

/** The door: everything `connect` needs, from this process. */
export function main(argv: string[]): Promise<number> {
  const around = { env: process.env, platform: process.platform, userHome: os.homedir() }
  return connect(argv, {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    ask: process.stdin.isTTY ? ask : undefined,
    environment: process.env,
    home: around.userHome,
    workingDirectory: process.env.INIT_CWD || process.cwd(),
    now: () => new Date(),
    stateFolder: stateFolder(around),
    known: (configFile) => knownGateway(around, configFile),
  })
}

async function ask(question: string): Promise<boolean> {
  const lines = readline.createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim())
  } finally {
    lines.close()
  }
}

/** Connects a client. Exit codes: 0 done, 1 refused or failed with nothing changed, 2 flags or config. */
export async function connect(argv: string[], io: ConnectIo): Promise<number> {
  const flags = readFlags(argv)
  if ('problem' in flags) {
    io.stderr(`${flags.problem}\n\n${usage}`)
    return 2
  }
  if (flags.mode === 'help') {
    io.stdout(usage)
    return 0
  }
  try {
    if (flags.mode === 'undo') return await undo(io)
    const options = await geminiCliOptions(flags, io)
    return flags.mode === 'write' ? await write(options, flags, io) : await print(options, flags, io)
  } catch (cause) {
    if (cause instanceof ConfigError) {
      for (const problem of cause.problems) io.stderr(`${printProblem(problem)}\n`)
      return 2
    }
    if (!(cause instanceof ConnectError)) throw cause
    io.stderr(`${cause.message}\n`)
    return 1
  }
}

async function geminiCliOptions(flags: Flags, io: ConnectIo): Promise<GeminiCliOptions> {
  const { port, clientKey, upstreams } = await io.known(flags.config)
  const written = flags.url ?? (flags.port === undefined ? undefined : `http://127.0.0.1:${flags.port}`)
  const running = written === undefined ? await runningGateway(io.stateFolder) : undefined
  const url = written ?? running?.url ?? `http://127.0.0.1:${port}`
  if (written === undefined && !running) io.stderr(`No gateway is running now; taking ${url} from the config.\n`)
  return {
    gateway: { url, clientKey: flags.key ?? clientKey },
    upstreams,
    keepOwnKey: flags.keepKey,
    ...place(io),
  }
}

function place({ stateFolder, home, environment, workingDirectory, now }: ConnectIo) {
  return { stateFolder, home, environment, workingDirectory, now }
}

async function print(options: GeminiCliOptions, { shell }: Flags, io: ConnectIo): Promise<number> {
  const { url, lines, settings, notes, warnings } = await printGeminiCli(options)
  const needed = settings.ready
    ? `${settings.path} already chooses the sign-in with an API key.`
    : `Once, merge this into ${settings.path} (without it the CLI's headless mode stops with exit 41):\n${settings.snippet}`
  // With one shell named, stdout can be evaluated; everything for people goes to stderr.
  if (shell) {
    io.stdout(`${lines[shell].join('\n')}\n`)
    io.stderr(`${settings.ready ? '' : `${needed}\n`}`)
  } else {
    const block = (title: string, text: string[]) => `# ${title}\n${text.join('\n')}\n\n`
    io.stdout(
      `The Gemini CLI through ${url}. Paste the lines of your shell:\n\n` +
        block('bash, zsh', lines.bash) +
        block('fish', lines.fish) +
        block('PowerShell', lines.powershell) +
        block('cmd', lines.cmd) +
        `${needed}\n\n${notes.map((note) => `${note}\n`).join('')}` +
        'Or let Patchbay do it: npm run connect -- gemini-cli --write\n',
    )
  }
  warn(warnings, io)
  return 0
}

async function write(options: GeminiCliOptions, flags: Flags, io: ConnectIo): Promise<number> {
  const preview = await previewGeminiCli(options)
  io.stdout(preview.files.map(({ diff }) => `${diff}\n`).join(''))
  warn(preview.warnings, io)
  if (preview.files.length === 0) {
    io.stdout(`The Gemini CLI is already connected to ${options.gateway.url}. Nothing to write.\n`)
    return 0
  }
  if (io.ask && !flags.yes && !(await io.ask('Write these changes? [y/N] '))) {
    io.stdout('Nothing was written.\n')
    return 1
  }
  const { files } = await connectGeminiCli({ ...options, revision: preview.revision })
  for (const { path, backup } of files) io.stdout(`Wrote ${path}${backup ? ` (backup: ${backup})` : ''}\n`)
  io.stdout(
    `\nThe Gemini CLI now goes to ${options.gateway.url}. Take it back with: npm run connect -- gemini-cli --undo\n`,
  )
  io.stdout(`${geminiCliNotes[0]}\n`)
  return 0
}

async function undo(io: ConnectIo): Promise<number> {
  const { files, left } = await disconnectGeminiCli(place(io))
  io.stdout(files.map(({ diff }) => `${diff}\n`).join(''))
  for (const { path, removed, backup } of files) {
    io.stdout(removed ? `Removed ${path}\n` : `Restored ${path}${backup ? ` (backup: ${backup})` : ''}\n`)
  }
  for (const { path, key } of left) {
    io.stdout(`Left ${key} in ${path} as it is: it was changed after Patchbay set it.\n`)
  }
  if (files.length === 0 && left.length === 0)
    io.stdout('Nothing of the Gemini CLI was set by Patchbay. Nothing to undo.\n')
  return 0
}

function warn(warnings: readonly string[], io: ConnectIo): void {
  for (const warning of warnings) io.stderr(`Careful: ${warning}\n`)
}
