import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, createGateway, type Gateway, PortError, printProblem } from '../src-core/index.ts'

const usage = `Usage: npm run serve -- [flags]

  --config FILE        the config file (default: config.yaml in Patchbay's config folder)
  --port N             the port programs talk to; 0 takes any free one (default 4141)
  --host H             the address to bind (default 127.0.0.1)
  --control-port N     the port that steers the gateway; 0 takes any free one (default: the port after the other)
  --no-control         no control port
  --help               this text
`

/** How long open streams may go on after a stop signal. */
const drainMs = 10_000

/** Runs the gateway until it is told to stop. Exit codes: 0 stopped, 2 flags or config, 3 port. */
export async function main(argv: string[]): Promise<number | undefined> {
  const flags = readFlags(argv)
  if ('problem' in flags) {
    process.stderr.write(`${flags.problem}\n\n${usage}`)
    return 2
  }
  if (flags.help) {
    process.stdout.write(usage)
    return 0
  }
  let gateway: Gateway
  try {
    gateway = await createGateway({
      configFile: flags.config,
      host: flags.host,
      port: flags.port,
      controlPort: flags.controlPort,
      windowFolder: windowFolder(),
      env: { ...process.env },
    })
    await gateway.listen()
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const problem of error.problems) process.stderr.write(`${printProblem(problem)}\n`)
      return 2
    }
    if (error instanceof PortError) {
      process.stderr.write(`${error.message}\n`)
      return 3
    }
    throw error
  }
  announce(gateway)
  let stopping = false
  // whoever asks twice does not want to wait for the streams
  const stop = () => {
    void gateway.close(stopping ? 0 : drainMs).then(() => process.exit(0))
    stopping = true
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return undefined
}

function readFlags(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        config: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        'control-port': { type: 'string' },
        'no-control': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const port = portFlag('--port', values.port)
    const asked = portFlag('--control-port', values['control-port'])
    if (asked !== undefined && values['no-control']) throw new Error('Give --control-port or --no-control, not both.')
    const controlPort = values['no-control'] ? undefined : (asked ?? ('beside' as const))
    return { config: values.config, host: values.host, port, controlPort, help: values.help ?? false }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function portFlag(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) throw new Error(`${name} takes a number from 0 to 65535, not ${text}.`)
  return port
}

/** The build puts the window beside this command; run from its source, the command has none. */
function windowFolder(): string | undefined {
  const folder = path.join(import.meta.dirname, 'window')
  return fs.existsSync(path.join(folder, 'index.html')) ? folder : undefined
}

/** A terminal gets sentences; a program reading stdout gets JSON lines and nothing else. */
function announce(gateway: Gateway): void {
  const { url, controlUrl, clientKey, found } = gateway.state()
  if (!process.stdout.isTTY) {
    process.stdout.write(`${JSON.stringify({ event: 'listening', url, controlUrl, clientKey, pid: process.pid })}\n`)
    for (const { provider, because } of found) gateway.log.info('found', { provider, because })
    return
  }
  const lines = [
    `Patchbay answers at ${url}`,
    ...found.map(({ provider, because }) => `  ${provider}: ${because}`),
    ...(controlUrl === null ? [] : [`Steer it at ${controlUrl} (whoever has this address may)`]),
    '',
    'Point the Gemini CLI here:  npm run connect -- gemini-cli',
    'Stop with Ctrl+C.',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
