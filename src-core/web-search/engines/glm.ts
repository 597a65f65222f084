import type { Usage } from '../../model/event.ts'
import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { FoundPage } from '../found.ts'
import { notSearched } from '../grounded-answer.ts'
import type { Road } from '../road.ts'
import type { AskEngine, AskedQuery } from './index.ts'

/**
 * GLM's search as a tool of a chat call, never streamed: streams bring no hits. With `endpoint: search` its search
 * endpoint, which lists pages only and costs money where the chat tool costs a plan's quota.
 */
export function glmEngine(road: Road, { endpoint, ...options }: JsonObject): AskEngine {
  const search_engine = new URL(road.baseUrl).hostname.endsWith('bigmodel.cn') ? 'search_std' : 'search_pro_jina'
  const wishes = ({ recency, count }: AskedQuery): JsonObject => ({
    search_engine,
    count,
    search_recency_filter: recency,
    ...options,
  })

  const bySearch: AskEngine = async (query, searcher) => {
    const body = { search_query: query.query.slice(0, longestQuery), search_intent: false, ...wishes(query) }
    const answer = await road.json({ method: 'POST', path: '/web_search', body }, searcher)
    return { pages: pagesIn(answer, 'search_result') ?? [] }
  }

  const byChat: AskEngine = async (query, searcher) => {
    const web_search = { enable: true, search_query: query.query, search_result: true, ...wishes(query) }
    const body: JsonObject = {
      model: road.model,
      messages: [{ role: 'user', content: query.query }],
      stream: false,
      thinking: { type: 'disabled' },
      tools: [{ type: 'web_search', web_search }],
    }
    const answer = await road.json({ method: 'POST', path: '/chat/completions', body }, searcher)
    const pages = pagesIn(answer, 'web_search')
    if (!pages) throw notSearched()
    return { summary: spoken(answer), pages, usage: usageIn(answer.usage) }
  }

  return endpoint === 'search' ? bySearch : byChat
}

/** What the search endpoint takes of a query. */
const longestQuery = 70
const deepest = 3

/** Hits stand at the top, or wrapped in `data` or `response`; undefined where there is no such list. */
function pagesIn(answer: JsonObject, name: string, depth = 0): FoundPage[] | undefined {
  const list = answer[name]
  if (Array.isArray(list)) return list.filter(isObject).map(page)
  for (const inner of [answer.data, answer.response]) {
    const found = isObject(inner) && depth < deepest ? pagesIn(inner, name, depth + 1) : undefined
    if (found) return found
  }
  return undefined
}

function page({ title, link, url, content, media, publish_date }: JsonObject): FoundPage {
  return { title, url: link ?? url, snippet: content, source: media, date: publish_date }
}

function spoken(answer: JsonObject): Json | undefined {
  const choice = Array.isArray(answer.choices) ? answer.choices[0] : undefined
  const message = isObject(choice) ? choice.message : undefined
  if (isObject(message)) return message.content
  const inner = [answer.data, answer.response].find(isObject)
  return inner && spoken(inner)
}

function usageIn(usage: Json | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined
  const [inputTokens, outputTokens] = [Number(usage.prompt_tokens), Number(usage.completion_tokens)]
  const isCounted = Number.isFinite(inputTokens) && Number.isFinite(outputTokens)
  return isCounted ? { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens } : undefined
}
