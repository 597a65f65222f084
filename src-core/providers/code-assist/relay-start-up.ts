import type { Wire } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { CallRaw, RawResponse } from '../call-raw.ts'
import type { ResolvedProvider } from '../resolved-provider.ts'
import { usualModel } from './projects.ts'

export interface StartUpRelayOptions {
  callRaw: CallRaw
  provider(id: string): ResolvedProvider | undefined
  /** Where a request for this model would go now. */
  targetFor(model: string): Target | undefined
}

/** Asks the real service, with the caller's own login. Rejects with a verdict when it does not answer. */
export type StartUpRelay = (wire: Wire, method: 'GET' | 'POST', signal: AbortSignal) => Promise<RawResponse>

const prefix = '/v1internal'

/**
 * The Gemini CLI's calls before and between its turns (loadCodeAssist, quota, experiments), passed on as they are
 * while its turns themselves would go to Code Assist with its own login; undefined while they would not.
 */
export function createStartUpRelay(options: StartUpRelayOptions) {
  return (headers: Wire['headers']): StartUpRelay | undefined => {
    const target = options.targetFor(sessionModel(headers['user-agent']))
    if (target?.envelope !== 'code-assist') return undefined
    const credentials = options.provider(target.provider)?.credentials ?? []
    if (credentials.find(({ alias }) => alias === target.credential)?.type !== 'client') return undefined
    return (wire, method, signal) => {
      const body = method === 'POST' ? wire.body : undefined
      const path = wire.path.slice(prefix.length)
      return options.callRaw(target, { method, path, body, attempts: 1, verbatim: true }, signal, wire)
    }
  }
}

/** These calls name no model; the CLI's user agent names its session's: `GeminiCLI-tui/0.61.0/MODEL (linux; …)`. */
function sessionModel(userAgent: unknown): string {
  const [, model] = /^GeminiCLI[^/ ]*\/[^/ ]+\/(\S+)/.exec(String(userAgent)) ?? []
  return model ?? usualModel
}
