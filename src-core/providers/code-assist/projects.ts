import { createHash } from 'node:crypto'
import { accountId } from '../../auth/oauth/account.ts'
import type { AccountProjects } from '../../auth/oauth/account-project.ts'
import { lookAt } from '../../codecs/gemini-chat/look.ts'
import { localProject } from '../../model/code-assist.ts'
import { clientGone } from '../../model/error.ts'
import { orGone } from '../../model/or-gone.ts'
import type { ModelRequest, Wire } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import { answeredObject } from '../call-json.ts'
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
  /** What is known already, without a question to anybody. */
  knownProject(target: Target, provider: ResolvedProvider): Promise<string | undefined>
  /** It may be another account now, or one that was set up anew. */
  forget(account: string): void
  close(): void
}

export interface CodeAssistProjectsOptions {
  callRaw: CallRaw
  env: Readonly<Record<string, string | undefined>>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** With the account, so that a restart need not ask. */
  kept: AccountProjects
  /** It could not be kept, and is asked again after a restart. */
  notKept(account: string, thrown: unknown): void
}

/** A model every account has. */
export const usualModel = 'gemini-3-flash'

/** Callers' logins change by the hour; what is remembered of them has an end. */
const mostKnown = 200

export function createCodeAssistProjects(options: CodeAssistProjectsOptions): CodeAssistProjects {
  const { callRaw, sleep, kept, notKept } = options
  const inEnvironment = projectIn(options.env)
  const known = new Map<string, string>()
  const asking = new Map<string, Promise<string>>()
  const closed = new AbortController()

  async function find(target: Target, provider: ResolvedProvider, wire: Wire | undefined): Promise<string> {
    const named = provider.project ?? inEnvironment
    const id = named === undefined ? accountOf(provider, target.credential) : undefined
    const before = id && (await keptOf(id))
    if (before !== undefined) return before
    const ask: AskCodeAssist = async (method, path, body, signal) => {
      const answer = await callRaw(target, { method, path, body }, signal, wire)
      return answeredObject(answer.body, target)
    }
    const account = { provider: provider.id, credential: target.credential, project: named }
    const found = await discoverProject({ account, ask, sleep }, closed.signal).catch((thrown: unknown) => {
      throw placed(thrown, provider, target)
    })
    if (id !== undefined) await kept.write(id, found).catch((thrown: unknown) => notKept(id, thrown))
    return found
  }

  /** A keychain that is shut is told by the login. */
  const keptOf = (account: string) => kept.read(account).catch(() => undefined)

  const keyOf = ({ id, project }: ResolvedProvider, login: string | undefined) => [id, project, login].join('\n')

  /** `wire`: whose login asks, where it is not an account of ours. */
  function projectFor(target: Target, provider: ResolvedProvider, signal: AbortSignal, wire?: Wire) {
    const login = wire ? fingerprint(wire.headers.authorization) : accountOf(provider, target.credential)
    const key = keyOf(provider, login)
    const project = known.get(key)
    if (project !== undefined) return project
    let found = asking.get(key)
    if (!found) {
      found = find(target, provider, wire)
      const done = () => asking.delete(key)
      const remember = (project: string) => {
        if (known.size >= mostKnown) known.clear()
        known.set(key, project)
      }
      found.then(remember).then(done, done)
      asking.set(key, found)
    }
    return orGone(found, signal)
  }

  return {
    async inProject(target, provider, request, signal) {
      const { wire } = request
      const callers = isCallers(provider, target)
      if (callers && !namesNobodys(wire)) return target
      const project = await projectFor(target, provider, signal, callers ? wire : undefined)
      return { ...target, project }
    },
    async projectOf(target, provider, signal) {
      return isCallers(provider, target) ? undefined : projectFor(target, provider, signal)
    },
    async knownProject(target, provider) {
      const account = accountOf(provider, target.credential)
      return account && (known.get(keyOf(provider, account)) ?? (await keptOf(account)))
    },
    forget(account) {
      for (const key of known.keys()) if (key.endsWith(`\n${account}`)) known.delete(key)
    },
    close: () => closed.abort(clientGone()),
  }
}

/** The account a credential of this provider means, where it is a login. */
export function accountOf({ id, credentials }: ResolvedProvider, credential: string): string | undefined {
  const chosen = credentials.find(({ alias, type }) => alias === credential && type === 'oauth')
  return chosen && accountId(id, chosen)
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
