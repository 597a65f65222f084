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

/** `serve`'s flags and `--hidden`; a problem is a sentence. What else stands on the command line is Chromium's. */
export function readOptions(argv: readonly string[]): DesktopOptions | { problem: string } {
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
  const { config, host, port, 'control-port': controlPort } = values
  for (const [name, value] of Object.entries({ config, host, port, 'control-port': controlPort })) {
    if (value === true) return { problem: `--${name} needs a value.` }
  }
  for (const [name, value] of Object.entries({ port, 'control-port': controlPort })) {
    if (value !== undefined && !isPort(value))
      return { problem: `--${name} takes a number from 0 to 65535, not ${value}.` }
  }
  return {
    config: config?.toString(),
    host: host?.toString(),
    port: port === undefined ? undefined : Number(port),
    controlPort: controlPort === undefined ? undefined : Number(controlPort),
    hidden: values.hidden === true,
  }
}

const isPort = (value: string | boolean): boolean => /^\d+$/.test(String(value)) && Number(value) <= 65_535
