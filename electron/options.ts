import { parseArgs } from 'node:util'

export interface DesktopOptions {
  config?: string
  host?: string
  port?: number
  /** Left out: no control port; the window needs none. */
  controlPort?: number
  /** Only the tray icon at first: how Patchbay starts at login. */
  hidden: boolean
}

/** `serve`'s flags and `--hidden`. What else stands on the command line is Chromium's. Throws a sentence. */
export function readOptions(argv: readonly string[]): DesktopOptions {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: {
      config: { type: 'string' },
      host: { type: 'string' },
      port: { type: 'string' },
      'control-port': { type: 'string' },
      hidden: { type: 'boolean' },
    },
  })
  return {
    config: text('--config', values.config),
    host: text('--host', values.host),
    port: port('--port', values.port),
    controlPort: port('--control-port', values['control-port']),
    hidden: values.hidden === true,
  }
}

function text(flag: string, value: string | boolean | undefined): string | undefined {
  if (typeof value === 'boolean') throw new Error(`${flag} needs a value.`)
  return value
}

function port(flag: string, value: string | boolean | undefined): number | undefined {
  const given = text(flag, value)
  if (given === undefined) return undefined
  if (!/^\d+$/.test(given) || Number(given) > 65_535)
    throw new Error(`${flag} takes a number from 0 to 65535, not ${given}.`)
  return Number(given)
}
