import { GatewayError } from '../model/error.ts'
import type { Grounding, StreamEvent, Usage } from '../model/event.ts'
import type { Found, FoundPage } from './found.ts'

/** A model's answer with its sources, as what was found: of each source, what the answer says by it. */
export function groundedAnswer(events: readonly StreamEvent[]): Found {
  const texts: string[] = []
  const groundings: Grounding[] = []
  let usage: Usage | undefined
  let refused = false
  for (const event of events) {
    if (event.type === 'text-delta') texts.push(event.text)
    else if (event.type === 'grounding') groundings.push(event.grounding)
    else if (event.type === 'usage') usage = event.usage
    else if (event.type === 'response-end') refused = event.reason.unified === 'content-filter'
  }
  const answer = texts.join('')
  if (refused && answer === '') throw new GatewayError('content-filtered', 'A content filter refused this search.')
  const isSearched = groundings.some(({ queries, sources }) => queries.length + sources.length > 0)
  if (!isSearched) throw notSearched()
  const pages = groundings.flatMap((grounding) => pagesOf(grounding, answer))
  return { summary: answer, pages, usage }
}

/** A model that names no source has answered from memory, and that is no search. */
export const notSearched = (): GatewayError =>
  new GatewayError('unsupported', 'The model answered without a source, so it did not search.')

function pagesOf({ sources, supports }: Grounding, answer: string): FoundPage[] {
  const bytes = Buffer.from(answer)
  return sources.map(({ url, title }, index) => {
    const claims = supports
      .filter(({ sourceIndexes }) => sourceIndexes.includes(index))
      .map(({ text, startByte }) => text ?? lineAt(bytes, startByte))
    return { url, title, snippet: [...new Set(claims)].join(' ') }
  })
}

/** A citation often spans only its own mark; the line around it says what it is about. */
function lineAt(bytes: Buffer, at: number): string {
  const start = bytes.lastIndexOf('\n', Math.min(at, bytes.length) - 1) + 1
  const end = bytes.indexOf('\n', at)
  const line = bytes.toString('utf8', start, end < 0 ? bytes.length : end)
  return line.replace(/\(?\[([^[\]]*)\]\([^()\s]*\)\)?/g, '$1')
}
