import type { JsonObject } from '../../model/json.ts'
import { groundedAnswer } from '../grounded-answer.ts'
import type { Road } from '../road.ts'
import { searchPrompt } from '../search-prompt.ts'
import type { AskEngine } from './index.ts'

/** A model of an OpenAI-compatible service that searches by itself: `fields` in the body ask it to. */
export function chatEngine({ ask }: Road, fields: JsonObject): AskEngine {
  return async (query, searcher) =>
    groundedAnswer(await ask({ ...searchPrompt(query), extensions: { 'openai-chat': fields } }, searcher))
}
