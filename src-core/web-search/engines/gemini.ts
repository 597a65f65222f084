import type { JsonObject } from '../../model/json.ts'
import type { FoundPage } from '../found.ts'
import { groundedAnswer } from '../grounded-answer.ts'
import type { Road } from '../road.ts'
import { searchPrompt } from '../search-prompt.ts'
import type { AskEngine } from './index.ts'

/** Google's own search, through a Gemini model: a request that carries only `googleSearch`. */
export function geminiEngine({ ask }: Road, options: JsonObject): AskEngine {
  return async (query, searcher) => {
    const serverTools = [{ type: 'web-search' as const, options }]
    const found = groundedAnswer(await ask({ ...searchPrompt(query), serverTools }, searcher))
    return { ...found, pages: found.pages.map(withSource) }
  }
}

/** Links lead through Google; which site they lead to stands in the title, which is often nothing but its host. */
function withSource(page: FoundPage): FoundPage {
  return { ...page, source: page.title }
}
