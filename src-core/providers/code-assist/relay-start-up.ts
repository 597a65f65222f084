import { GatewayError } from '../../model/error.ts'
import type { Wire } from '../../model/request.ts'
import type { Target } from '../../model/target.ts'
import type { CallRaw, RawResponse } from '../call-raw.ts'
import type { ResolvedProvider } from '../resolved-provider.ts'
import { usualModel } from './projects.ts'

export interface StartUpRelayOptions {
  callRaw: CallRaw
  provider(id: string): ResolvedProvider | undefined
  /** Where a request for this model would go now, in order. */
  targetsFor(model: string): readonly Target[]
}

/**
 * Asks the real service, with the caller's own login. When it cannot be reached: undefined where other targets would
 * answer the turns that follow, else it rejects with a verdict.
 */
export type StartUpRelay = (wire: Wire, method: 'GET' | 'POST', signal: AbortSignal) => Promise<RawResponse | undefined>

const prefix = '/v1internal'

/**
 * The Gemini CLI's calls before and between its turns (loadCodeAssist, quota, experiments), passed on as they are
 * while its turns themselves would go to Code Assist with its own login; undefined while they would not.
 */
export function createStartUpRelay(options: StartUpRelayOptions) {
  return (headers: Wire['headers']): StartUpRelay | undefined => {
    const [target, ...others] = options.targetsFor(sessionModel(headers['user-agent']))
    if (target?.envelope !== 'code-assist') return undefined
    const credentials = options.provider(target.provider)?.credentials ?? []
    if (credentials.find(({ alias }) => alias === target.credential)?.type !== 'client') return undefined
    return async (wire, method, signal) => {
      const body = method === 'POST' ? wire.body : undefined
      const path = wire.path.slice(prefix.length)
      try {
        return await options.callRaw(target, { method, path, body, attempts: 1, verbatim: true }, signal, wire)
      } catch (thrown) {
        if (others.length > 0 && !signal.aborted && GatewayError.from(thrown).consequence.retrySame) return undefined
        throw thrown
      }
    }
  }
}

/** These calls name no model; the CLI's user agent names its session's: `GeminiCLI-tui/0.61.0/MODEL (linux; …)`. */
function sessionModel(userAgent: unknown): string {
  const [, model] = /^GeminiCLI[^/ ]*\/[^/ ]+\/(\S+)/.exec(String(userAgent)) ?? []
  return model ?? usualModel
}
