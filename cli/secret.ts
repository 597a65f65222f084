import os from 'node:os'
import readline from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import {
  ConfigError,
  GatewayError,
  KeychainError,
  type KnownSecrets,
  knownSecrets,
  printProblem,
} from '../src-core/index.ts'

const usage = `Usage: npm run secret -- set NAME | list | delete NAME

  set NAME         stores what you type, or what comes in on stdin, in the system's keychain
  list             the names, and what uses each; never a value
  delete NAME      forgets it, and says what stops working

  --config FILE    the config file, if not Patchbay's own
  --help           this text

In the config a stored secret is written "keychain:NAME".
`

export interface SecretIo {
  stdout: (text: string) => void
  stderr: (text: string) => void
  /** The secret: typed without being shown, or read from stdin. */
  askSecret: (question: string) => Promise<string>
  known: (configFile: string | undefined) => Promise<KnownSecrets>
}

export function main(argv: string[]): Promise<number> {
  const around = { env: process.env, platform: process.platform, userHome: os.homedir() }
  return secret(argv, {
    stdout: (words) => void process.stdout.write(words),
    stderr: (words) => void process.stderr.write(words),
    askSecret: process.stdin.isTTY ? askHidden : () => text(process.stdin),
    known: (configFile) => knownSecrets(around, configFile),
  })
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = readline.createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

/** Exit codes: 0 done, 1 refused or failed with nothing changed, 2 flags or config. */
export async function secret(argv: string[], io: SecretIo): Promise<number> {
  const flags = readFlags(argv)
  if ('problem' in flags) {
    io.stderr(`${flags.problem}\n\n${usage}`)
    return 2
  }
  if (flags.action === 'help') {
    io.stdout(usage)
    return 0
  }
  let secrets: KnownSecrets | undefined
  try {
    secrets = await io.known(flags.config)
    if (flags.action === 'set') return await set(flags.name, secrets, io)
    if (flags.action === 'delete') return await forget(flags.name, secrets, io)
    return await list(secrets, io)
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const problem of error.problems) io.stderr(`${printProblem(problem)}\n`)
      return 2
    }
    if (error instanceof KeychainError) io.stderr(`Nothing was changed: ${error.message}. ${error.hint}\n`)
    else if (error instanceof GatewayError) io.stderr(`Nothing was stored: ${error.message}\n`)
    else throw error
    return 1
  } finally {
    secrets?.close()
  }
}

async function set(name: string, secrets: KnownSecrets, io: SecretIo): Promise<number> {
  const stored = await secrets.set(name, await io.askSecret(`The secret for ${name} (it is not shown): `))
  if (stored.kept !== 'keychain') throw stored.because // this run ends here
  const users = secrets.usersOf(name) ?? []
  const next = users.length > 0 ? `It serves ${users.join(', ')}.` : `Write "keychain:${name}" in the config.`
  io.stdout(`Stored ${name} in the keychain. ${next}\n`)
  return 0
}

async function list(secrets: KnownSecrets, io: SecretIo): Promise<number> {
  const names = await secrets.list()
  if (names.length === 0) io.stdout('No secret is stored. Store one with: npm run secret -- set NAME\n')
  for (const name of names) {
    const users = secrets.usersOf(name)
    const use = users === undefined ? 'the config has problems' : users.join(', ') || 'not used'
    io.stdout(`${name}  (${use})\n`)
  }
  return 0
}

async function forget(name: string, secrets: KnownSecrets, io: SecretIo): Promise<number> {
  if (!(await secrets.delete(name))) {
    io.stderr(`There is no secret ${name}.\n`)
    return 1
  }
  const users = secrets.usersOf(name) ?? []
  io.stdout(`Deleted ${name}. ${users.map((user) => `${user} has no credential now. `).join('')}`.trim().concat('\n'))
  return 0
}

type Flags = { config?: string } & ({ action: 'list' | 'help' } | { action: 'set' | 'delete'; name: string })

function readFlags(argv: string[]): Flags | { problem: string } {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    const { config } = values
    const [action, given, ...rest] = positionals
    if (values.help) return { action: 'help' }
    if (action === 'list' && given === undefined) return { action, config }
    if (action !== 'set' && action !== 'delete') return { problem: 'Say set NAME, list or delete NAME.' }
    const name = given?.replace(/^keychain:/, '')
    if (!name) return { problem: `Name the secret to ${action}.` }
    if (/\s/.test(name)) return { problem: 'A name has no spaces.' }
    // it stands in the shell's history now; saying it again would not help
    if (rest.length > 0) return { problem: 'The secret itself is asked for; it does not belong on the command line.' }
    return { action, name, config }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
