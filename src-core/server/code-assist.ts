import { localProject as project } from '../model/code-assist.ts'
import type { JsonObject } from '../model/json.ts'
import type { Wire } from '../model/request.ts'

/** One such call, asked of the real service with the caller's own login. */
export type CodeAssistRelay = (wire: Wire, method: 'GET' | 'POST', signal: AbortSignal) => Promise<Relayed | undefined>

export interface Relayed {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

/**
 * What the Gemini CLI asks of Code Assist before its first turn, answered here so that it starts without
 * a Google account. Shapes as the CLI 0.61 reads them; methods without a meaning here get an empty object.
 */
export function answerCodeAssist(method: string): JsonObject {
  switch (method) {
    case 'loadCodeAssist': {
      const tier = { id: 'standard-tier', name: 'Patchbay', isDefault: true, userDefinedCloudaicompanionProject: false }
      return { currentTier: tier, allowedTiers: [tier], cloudaicompanionProject: project }
    }
    case 'onboardUser':
    case 'operations':
      return {
        name: 'operations/patchbay',
        done: true,
        response: { cloudaicompanionProject: { id: project, name: project } },
      }
    case 'listExperiments':
      return { experimentIds: [], flags: [] }
    case 'retrieveUserQuota':
      return { buckets: [] }
    default:
      return {}
  }
}
