import type { RequestTraits } from '../model/request.ts'

export interface RouteHit {
  route: string
  because: string
}

const vision: RouteHit = { route: 'vision', because: 'the latest user turn carries media' }
const background: RouteHit = { route: 'background', because: "a client's helper call" }
const routerVerdict: RouteHit = { route: 'background', because: "the client's own question which model to use" }
const tools: RouteHit = { route: 'tools', because: 'tools are declared' }
const fallback: RouteHit = { route: 'default', because: 'no other rule fired' }
const fallbackAfter: RouteHit = { route: 'default', because: 'always there' }

export interface ClassifyInput {
  traits: RequestTraits
  /** Estimated input tokens. */
  tokens: number
  longContextThresholdTokens: number
}

/** Every route whose rule fires, best first; `default` always closes the list. */
export function classify({ traits, tokens, longContextThresholdTokens }: ClassifyInput): RouteHit[] {
  const hits: RouteHit[] = []
  if (traits.media) hits.push(vision)
  if (tokens >= longContextThresholdTokens) {
    const because = `about ${tokens} tokens, at or above the threshold of ${longContextThresholdTokens}`
    hits.push({ route: 'longcontext', because })
  }
  if (traits.helper) hits.push(traits.helper === 'router-verdict' ? routerVerdict : background)
  if (traits.tools) hits.push(tools)
  hits.push(hits.length === 0 ? fallback : fallbackAfter)
  return hits
}
