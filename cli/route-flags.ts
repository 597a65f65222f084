import { parseArgs } from 'node:util'

export const usage = `Usage: npm run route -- --file request.json [flags]

  Says where a request would go and why. Sends nothing.

  --file FILE      the request's body as JSON; - reads it from stdin
  --path PATH      the path it would be sent to (default: what its body looks like)
  --model NAME     the model it would name, for a Gemini body without --path
  --config FILE    the config file, if not Patchbay's own
  --json           the whole answer as JSON
  --help           this text
`

export interface RouteFlags {
  file: string
  path?: string
  model?: string
  config?: string
  json: boolean
}

export function readFlags(argv: string[]): RouteFlags | 'help' | { problem: string } {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        file: { type: 'string' },
        path: { type: 'string' },
        model: { type: 'string' },
        config: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const { file, path, model, config, json = false } = values
    if (values.help) return 'help'
    if (!file) return { problem: 'Name the request with --file.' }
    if (path !== undefined && !path.startsWith('/')) return { problem: `--path begins with a slash, unlike ${path}.` }
    return { file, path, model, config, json }
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** Where a body of this shape is sent; undefined when only --path can tell. */
export function pathFor(body: unknown, model: string | undefined): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  if ('messages' in body) return '/v1/chat/completions'
  if ('request' in body) return '/v1internal:generateContent'
  if (!('contents' in body) || model === undefined) return undefined
  return `/v1beta/models/${encodeURIComponent(model)}:generateContent`
}
