import http from 'node:http'
import type { KeychainStatus } from '../auth/keychain.ts'
import { printProblem } from '../config/problem.ts'
import type { ConfigSnapshot } from '../config/store.ts'
import { credentialsOf } from '../config/views.ts'
import { bind, PortError } from '../http/bind.ts'
import type { Finding, TestStep } from './contract.ts'

export interface ExamineParts {
  config(): ConfigSnapshot
  host: string
  port: number
  /** Where this gateway itself answers. */
  listening(): string | undefined
  /** Another that runs with the same home. */
  running(): Promise<{ url: string; pid: number } | undefined>
  keychain(): Promise<KeychainStatus>
  /** `trouble`: what keeps it from being asked at all, as sentences. */
  providers(): readonly { id: string; enabled: boolean; trouble?: string }[]
  test(provider: string, signal: AbortSignal): Promise<TestStep[]>
  /** Of the config. Their services are not asked: a search may cost. */
  engines(): Promise<readonly Engine[]>
  /** What is missing for any request at all, in words. */
  notReady(): string | undefined
}

/** `closed` and `noCredential`: why it cannot be asked, in words. */
interface Engine {
  id: string
  at: string
  closed?: string
  noCredential?: string
}

/** A provider that takes longer keeps its users waiting too. */
const patienceMs = 30_000

/** All that could stop a user, each in words, what is well too. */
export async function examine(parts: ExamineParts, signal: AbortSignal): Promise<Finding[]> {
  const own = await Promise.all([examineConfig(parts), examinePort(parts), examineKeychain(parts)])
  const providers = await Promise.all(parts.providers().map((provider) => examineProvider(provider, parts, signal)))
  return [...own, examineRouting(parts), ...providers, ...(await parts.engines()).map(examineEngine)]
}

const well = (about: string, words: string): Finding => ({ about, ok: true, words })
const wrong = (about: string, words: string): Finding => ({ about, ok: false, words })

function examineConfig({ config }: ExamineParts): Finding {
  const { source, path, problems, found } = config()
  if (problems.length > 0) {
    return wrong('config', `${path}: ${problems.map(printProblem).join(' ')}`)
  }
  if (source === 'file') return well('config', path)
  return well('config', `There is no ${path}; found instead: ${found.map(({ provider }) => provider).join(', ')}.`)
}

async function examinePort({ host, port, listening, running: runs }: ExamineParts): Promise<Finding> {
  const here = listening()
  if (here !== undefined) return well('port', `Patchbay answers at ${here}.`)
  const running = await runs()
  if (running && Number(new URL(running.url).port) === port)
    return well('port', `Patchbay runs at ${running.url} (process ${running.pid}).`)
  const server = http.createServer()
  try {
    await bind(server, host, port, { port: 'Set gateway.port in the config.', host: 'Set gateway.host in the config.' })
    return well('port', `${host}:${port} is free.`)
  } catch (thrown) {
    if (thrown instanceof PortError) return wrong('port', thrown.message)
    throw thrown
  } finally {
    server.close()
  }
}

async function examineKeychain({ keychain, config }: ExamineParts): Promise<Finding> {
  const { state, words } = await keychain()
  const needed = Object.values(config().config.virtualrouter.providers).some((provider) =>
    credentialsOf(provider).some(({ type, secret }) => type === 'oauth' || secret?.startsWith('keychain:')),
  )
  if (state === 'ready' || needed) return { about: 'keychain', ok: state === 'ready', words }
  return well('keychain', `${words} Nothing in the config needs it.`)
}

function examineRouting({ notReady, config }: ExamineParts): Finding {
  const missing = notReady()
  if (missing !== undefined) return wrong('routing', `No request can be answered: ${missing}.`)
  return well('routing', `The group ${config().config.virtualrouter.activeGroup} is in force.`)
}

function examineEngine({ id, at, closed, noCredential }: Engine): Finding {
  const about = `engine ${id}`
  if (closed !== undefined) return wrong(about, `It cannot search: ${closed}.`)
  if (noCredential !== undefined) return wrong(about, noCredential)
  return well(about, `It searches at ${at} when it is asked.`)
}

async function examineProvider(
  { id, enabled, trouble }: ReturnType<ExamineParts['providers']>[number],
  { test }: ExamineParts,
  signal: AbortSignal,
): Promise<Finding> {
  const about = `provider ${id}`
  if (!enabled) return well(about, 'It is switched off.')
  if (trouble !== undefined) return wrong(about, trouble)
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const steps = await Promise.race([test(id, patience), lost(patience)])
  if (!steps) return wrong(about, `It has not answered within ${patienceMs / 1000} s.`)
  const failed = steps.find(({ ok }) => !ok)
  const words = (failed ? [failed] : steps).map((step) => step.words.replace(/[^.]$/, '$&.')).join(' ')
  return { about, ok: failed === undefined, words, steps }
}

function lost(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}
