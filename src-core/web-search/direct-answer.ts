import type { Grounding, Note, StreamChunk } from '../model/event.ts'
import type { Conversation } from '../model/request.ts'
import type { Search, Searcher, SearchHit, SearchResult } from './engine.ts'
import { groundingOf, queriesOf, sourceOf } from './grounding.ts'

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
  if (summary === '') return listOf(result)
  const grounding = groundingOf(summary, [result])
  if (!grounding) return { text: summary }
  if (grounding.supports.length > 0) return { text: summary, grounding }
  const whole = { startByte: 0, endByte: Buffer.byteLength(summary), text: summary }
  return {
    text: summary,
    grounding: { ...grounding, supports: [{ ...whole, sourceIndexes: grounding.sources.map((_, index) => index) }] },
  }
}

/** The pages themselves, one line each, where the engine has nothing to say about them. */
function listOf(result: SearchResult): { text: string; grounding: Grounding } {
  const supports: Grounding['supports'] = []
  let text = ''
  for (const [index, hit] of result.hits.entries()) {
    if (text !== '') text += '\n'
    const startByte = Buffer.byteLength(text)
    const line = inWords(hit)
    text += line
    supports.push({ startByte, endByte: Buffer.byteLength(text), text: line, sourceIndexes: [index] })
  }
  return { text, grounding: { queries: queriesOf([result]), sources: result.hits.map(sourceOf), supports } }
}

function inWords({ title, snippet, date, url }: SearchHit): string {
  const words = [title, snippet].filter((part) => part !== '').join(': ') || url
  return `${words.replace(/\s*\n\s*/g, ' ')}${date ? ` (${date})` : ''}`
}
