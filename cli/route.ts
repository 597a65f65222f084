import fs from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { ConfigError, createGateway, GatewayError, printProblem } from '../src-core/index.ts'
import { printRoute } from './print-route.ts'
import { pathFor, type RouteFlags, readFlags, usage } from './route-flags.ts'

/** Says where a request would go. Exit codes: 0 said, 1 no target can take it, 2 flags, request or config. */
export async function main(argv: string[]): Promise<number> {
  const flags = readFlags(argv)
  if (flags === 'help') {
    process.stdout.write(usage)
    return 0
  }
  if ('problem' in flags) {
    process.stderr.write(`${flags.problem}\n\n${usage}`)
    return 2
  }
  try {
    const text = await readRequest(flags.file)
    return await explain(text, flags)
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const problem of error.problems) process.stderr.write(`${printProblem(problem)}\n`)
    } else if (error instanceof GatewayError || error instanceof RequestError) {
      process.stderr.write(`${error.message}\n`)
    } else throw error
    return 2
  }
}

class RequestError extends Error {}

async function explain(text: string, flags: RouteFlags): Promise<number> {
  const path = flags.path ?? pathFor(parse(text), flags.model)
  if (path === undefined)
    throw new RequestError('Say where the request would be sent: --path, or --model for a Gemini body.')
  // the gateway itself, which never listens here: what it would decide is what it decides
  const gateway = await createGateway({ configFile: flags.config, env: { ...process.env, PATCHBAY_LOG: 'error' } })
  try {
    const explanation = gateway.explainRoute({ path, body: text })
    process.stdout.write(flags.json ? `${JSON.stringify(explanation, undefined, 2)}\n` : printRoute(explanation))
    return explanation.order.length > 0 ? 0 : 1
  } finally {
    await gateway.close(0)
  }
}

async function readRequest(file: string): Promise<string> {
  if (file === '-') return (await buffer(process.stdin)).toString('utf8')
  try {
    return await fs.readFile(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    throw new RequestError(`${file} cannot be read${code === 'ENOENT' ? ': there is no such file' : ` (${code})`}.`, {
      cause,
    })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RequestError('The request is not JSON.', { cause })
  }
}
