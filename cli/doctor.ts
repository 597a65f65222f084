import { parseArgs } from 'node:util'
import { ConfigError, createGateway, type Finding, printProblem } from '../src-core/index.ts'
import { printFindings } from './print-findings.ts'

const usage = `Usage: npm run doctor -- [flags]

  Says in words what would stop you: config, port, keychain, and for each provider the way to it, its proxy,
  certificate, login or key, and model. Where a service has no list of its models, one short request is sent to it.

  --config FILE    the config file, if not Patchbay's own
  --json           the findings as JSON
  --help           this text
`

/** Exit codes: 0 nothing stands in the way, 1 something does, 2 flags. */
export async function main(argv: string[]): Promise<number> {
  const flags = readFlags(argv)
  if ('problem' in flags) {
    process.stderr.write(`${flags.problem}\n\n${usage}`)
    return 2
  }
  if (flags.help) {
    process.stdout.write(usage)
    return 0
  }
  const findings = await examined(flags.config)
  process.stdout.write(flags.json ? `${JSON.stringify(findings, undefined, 2)}\n` : printFindings(findings))
  return findings.every(({ ok }) => ok) ? 0 : 1
}

/** By a gateway that never listens: what it would run into is what it runs into. */
async function examined(configFile: string | undefined): Promise<Finding[]> {
  try {
    const env = { ...process.env, PATCHBAY_LOG: 'error' }
    const gateway = await createGateway({ configFile, env, controlInProcess: true })
    try {
      const told = await gateway.control!.call('examine', {}, new AbortController().signal)
      if ('refusal' in told) throw new Error(`The examination failed: ${told.refusal}`)
      return (JSON.parse(told.answer) as { findings: Finding[] }).findings
    } finally {
      await gateway.close(0)
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((problem) => ({ about: 'config', ok: false, words: printProblem(problem) }))
  }
}

function readFlags(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { config: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    return { config: values.config, json: values.json ?? false, help: values.help ?? false }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
