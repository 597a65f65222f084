import { modelThat, type Seen } from './scripted-model.ts'
import type { Answer, Gate, ProviderRequest } from './scripted-provider.ts'

/** What Google says to a login it does not know. */
export function codeAssistGate(token: string): Gate {
  return ({ headers }) => {
    if (headers.authorization === `Bearer ${token}`) return undefined
    const message = `Request had invalid authentication credentials: ${headers.authorization}.`
    return { status: 401, json: { error: { code: 401, message, status: 'UNAUTHENTICATED' } } }
  }
}

/** An account with a licence and a project. */
export const licensed: Answer = {
  json: { currentTier: { id: 'standard-tier', name: 'Standard' }, cloudaicompanionProject: 'licensed-project' },
}

/** Google's Code Assist service: the start-up calls by name, and a model behind the envelope. */
export function codeAssistService(
  play: Parameters<typeof modelThat>[0],
  startUp: Partial<Record<string, Answer>> = {},
): (request: ProviderRequest) => Answer {
  const model = modelThat(play)
  const calls: Partial<Record<string, Answer>> = {
    loadCodeAssist: licensed,
    listExperiments: { json: { experimentIds: [], flags: [] } },
    retrieveUserQuota: { json: { buckets: [] } },
    countTokens: { json: { totalTokens: 42 } },
    ...startUp,
  }
  return (request) => {
    const method = /^\/v1internal[:/]([\w/-]+)/.exec(request.path)?.[1] ?? ''
    const { request: inner } = (request.json ?? {}) as { request?: unknown }
    if (!/generateContent$/i.test(method)) return calls[method] ?? { json: {} }
    return enveloped(model({ ...request, json: inner }))
  }
}

/** The answer as Code Assist sends it: each object under `response`. */
function enveloped({ json, sse, ...rest }: Answer): Answer {
  if (json !== undefined) return { ...rest, json: { response: json, traceId: 'trace-1' } }
  const events = String(sse).matchAll(/^data: (.*?)\r?$/gm)
  return {
    ...rest,
    sse: [...events].map(([, event]) => `data: {"response":${event},"traceId":"trace-1"}\r\n\r\n`).join(''),
  }
}

/** The Code Assist road's other router dialect. */
export const asksWhichModel = ({ request }: Seen): boolean => request.body.includes('model_choice')
