import { parseArgs } from 'node:util'
import { type Shell, shells } from '../src-core/index.ts'

const clients = ['gemini-cli']

export const usage = `Usage: npm run connect -- gemini-cli [--print | --write | --undo] [flags]

  --print          show the shell lines and settings to set by hand (the default)
  --write          merge them into the CLI's own settings.json and .env: shows the diff, keeps a backup
  --undo           take back what --write set, and nothing else

  --url URL        the gateway's address (default: the running gateway, else the configured port)
  --port N         the gateway's port on this machine
  --key KEY        the client key (default: the gateway's own)
  --keep-key       keep your own Gemini key for providers that forward it; the client key goes into the address
  --config FILE    the config file, if not Patchbay's own
  --shell NAME     with --print, only the lines for ${shells.join(', ')}
  --yes            with --write, do not ask
  --help           this text
`

export interface Flags {
  mode: 'print' | 'write' | 'undo' | 'help'
  url?: string
  port?: number
  key?: string
  config?: string
  keepKey: boolean
  shell?: Shell
  yes: boolean
}

export function readFlags(argv: string[]): Flags | { problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        print: { type: 'boolean' },
        write: { type: 'boolean' },
        undo: { type: 'boolean' },
        url: { type: 'string' },
        port: { type: 'string' },
        key: { type: 'string' },
        config: { type: 'string' },
        'keep-key': { type: 'boolean' },
        shell: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const { keepKey, mode } = { keepKey: values['keep-key'] ?? false, mode: oneMode(values) }
    if (mode === 'help') return { mode, keepKey, yes: false }
    const [client, ...rest] = positionals
    if (client === undefined) return { problem: `Name the client to connect: ${clients.join(', ')}.` }
    if (!clients.includes(client))
      return { problem: `"${client}" is not a client Patchbay knows: ${clients.join(', ')}.` }
    if (rest.length > 0) return { problem: `One client at a time; "${rest[0]}" is too many.` }
    if (values.url !== undefined && values.port !== undefined) return { problem: 'Give --url or --port, not both.' }
    if (values.key === '') return { problem: '--key needs a value.' }
    const shell = shells.find((name) => name === values.shell)
    if (values.shell !== undefined && !shell) {
      return { problem: `--shell takes one of ${shells.join(', ')}, not "${values.shell}".` }
    }
    const port = values.port === undefined ? undefined : portNumber(values.port)
    return {
      mode,
      url: values.url,
      port,
      key: values.key,
      config: values.config,
      keepKey,
      shell,
      yes: values.yes ?? false,
    }
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) }
  }
}

function oneMode(values: { print?: boolean; write?: boolean; undo?: boolean; help?: boolean }): Flags['mode'] {
  if (values.help) return 'help'
  const chosen = (['print', 'write', 'undo'] as const).filter((mode) => values[mode])
  if (chosen.length > 1) throw new Error(`Choose one of --${chosen.join(' and --')}.`)
  return chosen[0] ?? 'print'
}

function portNumber(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65535)
    throw new Error(`--port takes a number from 1 to 65535, not ${text}.`)
  return port
}
