import type { Grounding, Note, StreamChunk } from '../model/event.ts'
import type { Conversation } from '../model/request.ts'
import type { Search, Searcher, SearchHit, SearchResult } from './engine.ts'
import { type Claim, groundingOf, sentencesOf, supportsOf } from './grounding.ts'

/** Longer texts are questions to a model, not words to search for. */
const longestQuery = 500

/** A request for a search and for nothing else, as the Gemini CLI's google_web_search makes it. */
export const isSearchOnly = ({ tools, serverTools }: Conversation): boolean =>
  tools.length === 0 && serverTools.some(({ type }) => type === 'web-search')

/** The words to search for, where they are all that was ever said. */
export function plainQuery({ messages }: Conversation): string | undefined {
  const [only, ...others] = messages
  if (!only || others.length > 0 || only.role !== 'user') return undefined
  const texts = only.parts.map((part) => (part.type === 'text' ? part.text : undefined))
  if (texts.includes(undefined)) return undefined
  const query = texts.join('\n').trim()
  return query !== '' && query.length <= longestQuery ? query : undefined
}

export interface DirectOptions {
  query: string
  search: Search
  searcher: Searcher
  note(note: Note): void
}

/** The engine's own answer with its sources, without any model. A search that fails says so in words. */
export async function answerDirectly({ query, search, searcher, note }: DirectOptions): Promise<StreamChunk> {
  note({ type: 'search-offered', because: 'the request asks for nothing but a search' })
  const outcome = await search({ query }, searcher)
  note({ type: 'searched', search: outcome.note })
  const { text, grounding } = 'failed' in outcome ? { text: outcome.failed } : answerOf(outcome.result)
  return {
    events: [
      { type: 'response-start', id: '', model: `web-search-${outcome.note.engine ?? 'failed'}` },
      { type: 'text-delta', text },
      ...(grounding ? [{ type: 'grounding' as const, grounding }] : []),
      { type: 'response-end', reason: { unified: 'stop' } },
    ],
  }
}

function answerOf(result: SearchResult): { text: string; grounding?: Grounding } {
  const { query, summary, hits } = result
  if (summary === '' && hits.length === 0) return { text: `Nothing was found for “${query}”.` }
  const text = summary === '' ? hits.map(inWords).join('\n') : summary
  const cited = summary === '' ? undefined : groundingOf(text, [result])
  if (cited && cited.supports.length > 0) return { text, grounding: cited }
  if (hits.length === 0) return { text }
  const claims = summary === '' ? linesOf(hits) : claimsOf(text, hits)
  const sources = hits.map(({ url, title }) => ({ url, title }))
  return { text, grounding: { queries: [query], sources, supports: supportsOf(text, claims) } }
}

/** A list of pages, where the engine has nothing to say about them: each line rests on its page. */
function linesOf(hits: readonly SearchHit[]): Claim[] {
  let start = 0
  return hits.map((hit, index) => {
    const end = start + inWords(hit).length
    const sentence = { start, end }
    start = end + 1
    return { sentence, sourceIndexes: [index] }
  })
}

/** Engines that are models say of each page what rests on it; of the others' words all pages together are the source. */
function claimsOf(text: string, hits: readonly SearchHit[]): Claim[] {
  const claims = sentencesOf(text).map((sentence): Claim => {
    const words = text.slice(sentence.start, sentence.end)
    return { sentence, sourceIndexes: hits.flatMap(({ snippet }, index) => (snippet.includes(words) ? index : [])) }
  })
  if (claims.some(({ sourceIndexes }) => sourceIndexes.length > 0)) return claims
  return [{ sentence: { start: 0, end: text.length }, sourceIndexes: hits.map((_, index) => index) }]
}

function inWords({ title, snippet, date, url }: SearchHit): string {
  const words = [title, snippet].filter((part) => part !== '').join(': ') || url
  return `${words.replace(/\s*\n\s*/g, ' ')}${date ? ` (${date})` : ''}`
}
