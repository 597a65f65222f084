import type { ServerResponse } from 'node:http'
import { localProject as project } from '../model/code-assist.ts'
import type { JsonObject } from '../model/json.ts'
import type { Wire } from '../model/request.ts'

/** One such call, asked of the real service with the caller's own login. */
export type CodeAssistRelay = (wire: Wire, method: 'GET' | 'POST', signal: AbortSignal) => Promise<RelayedAnswer>

interface RelayedAnswer {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

/** What the real service says, refusals too: the CLI knows what they mean to it. */
export async function relayCodeAssist(answer: Promise<RelayedAnswer>, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await answer
  const type = String(headers['content-type'] ?? 'application/json')
  response.writeHead(status, { 'content-type': type, 'content-length': body.length })
  response.end(body)
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
