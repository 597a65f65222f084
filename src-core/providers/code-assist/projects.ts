import { createHash } from 'node:crypto'
import { lookAt } from '../../codecs/gemini-chat/look.ts'
import { parseJson } from '../../codecs/json-body.ts'
import { localProject } from '../../model/code-assist.ts'
import { GatewayError } from '../../model/error.ts'
import { isObject } from '../../model/json.ts'
import type { ModelRequest, Wire } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { CallRaw } from '../call-raw.ts'
import { placed } from '../provider-send.ts'
import type { ResolvedProvider } from '../resolved-provider.ts'
import { type AskCodeAssist, discoverProject } from './discover-project.ts'

/** The Google Cloud project an account's requests count for: asked once for all who wait, then known. */
export interface CodeAssistProjects {
  /** The target with its project; as it is where the caller's own envelope names one. */
  inProject(target: Target, provider: ResolvedProvider, request: ModelRequest, signal: AbortSignal): Promise<Target>
  /** As `inProject`, for no request: undefined where only a caller's login could tell. */
  projectOf(target: Target, provider: ResolvedProvider, signal: AbortSignal): Promise<string | undefined>
  /** The account may be another now. */
  forget(provider: string): void
  close(): void
}

export interface CodeAssistProjectsOptions {
  callRaw: CallRaw
  env: Readonly<Record<string, string | undefined>>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Beside the account, so that a restart need not ask; left out, it is asked again. */
  kept?: KeptProjects
}

export interface KeptProjects {
  read(provider: ResolvedProvider, credential: string): Promise<string | undefined>
  write(provider: ResolvedProvider, credential: string, project: string): Promise<void>
}

/** Callers' logins change by the hour; what is remembered of them has an end. */
const mostKnown = 200

export function createCodeAssistProjects(options: CodeAssistProjectsOptions): CodeAssistProjects {
  const { callRaw, sleep, kept } = options
  const inEnvironment = projectIn(options.env)
  const known = new Map<string, string>()
  const asking = new Map<string, Promise<string>>()
  const closed = new AbortController()

  async function find(target: Target, provider: ResolvedProvider, wire: Wire | undefined): Promise<string> {
    const named = provider.project ?? inEnvironment
    const store = wire || named !== undefined ? undefined : kept
    const before = await store?.read(provider, target.credential)
    if (before !== undefined) return before
    const ask: AskCodeAssist = async (method, path, body, signal) => {
      const answer = await callRaw(target, { method, path, body }, signal, wire)
      const json = await parseJson(answer.body)
      if (isObject(json)) return json
      throw new GatewayError(
        'provider-error',
        `${provider.name} answered ${path} with something that is no JSON object.`,
      )
    }
    const account = { provider: provider.id, credential: target.credential, project: named }
    const found = await discoverProject({ account, ask, sleep }, closed.signal).catch((thrown: unknown) => {
      throw placed(thrown, provider, target)
    })
    await store?.write(provider, target.credential, found)
    return found
  }

  /** `wire`: whose login asks, where it is not an account of ours. */
  function projectFor(target: Target, provider: ResolvedProvider, wire?: Wire): string | Promise<string> {
    const login = wire ? fingerprint(wire.headers.authorization) : ''
    const key = [provider.id, provider.project ?? '', target.credential, login].join('\n')
    const project = known.get(key)
    if (project !== undefined) return project
    let found = asking.get(key)
    if (!found) {
      const mine = find(target, provider, wire)
      const done = () => {
        if (asking.get(key) === mine) asking.delete(key)
      }
      const remember = (project: string) => {
        if (asking.get(key) !== mine) return
        if (known.size >= mostKnown) known.clear()
        known.set(key, project)
      }
      mine.then(remember).then(done, done)
      asking.set(key, mine)
      found = mine
    }
    return found
  }

  return {
    async inProject(target, provider, request, signal) {
      const { wire } = request
      const callers = isCallers(provider, target)
      if (callers && !namesNobodys(wire)) return target
      const project = await orGone(projectFor(target, provider, callers ? wire : undefined), signal)
      return { ...target, project }
    },
    async projectOf(target, provider, signal) {
      return isCallers(provider, target) ? undefined : orGone(projectFor(target, provider), signal)
    },
    forget(provider) {
      for (const map of [known, asking]) {
        for (const key of map.keys()) if (key.startsWith(`${provider}\n`)) map.delete(key)
      }
    },
    close: () => closed.abort(),
  }
}

const isCallers = ({ credentials }: ResolvedProvider, { credential }: Target): boolean =>
  credentials.find(({ alias }) => alias === credential)?.type === 'client'

/** A session that began while another backend was chosen names the project Patchbay gave it, which is nobody's. */
const namesNobodys = (wire: Wire): boolean =>
  wire.envelope === 'code-assist' && lookAt(wire).body.string('project') === localProject

const fingerprint = (login: unknown): string => createHash('sha256').update(String(login)).digest('base64url')

/** The project a user of Google Cloud has named for all its tools. Numbers of projects are refused there. */
function projectIn(env: CodeAssistProjectsOptions['env']): string | undefined {
  return [env.GOOGLE_CLOUD_PROJECT, env.GOOGLE_CLOUD_PROJECT_ID].find((name) => name && !/^\d+$/.test(name))
}

/** Who leaves need not wait; the others get the answer all the same. */
async function orGone<Value>(answer: Value | Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (!(answer instanceof Promise)) return answer
  signal.throwIfAborted()
  let leave = () => {}
  const gone = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave)
  })
  try {
    return await Promise.race([answer, gone])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
