import { isObject, type JsonObject } from '../../model/json.ts'
import type { Road } from '../road.ts'
import type { AskEngine } from './index.ts'
import { timeRange } from './time-range.ts'

const mostHits = 20
const longestQuery = 400

/** Tavily: pages with their content, and a short answer of its own. */
export function tavilyEngine({ baseUrl, json }: Road, options: JsonObject): AskEngine {
  return async ({ query, recency, count }, searcher) => {
    const body = {
      query: query.slice(0, longestQuery),
      max_results: Math.min(count, mostHits),
      include_answer: true,
      time_range: timeRange[recency],
      ...options,
    }
    const answer = await json({ method: 'POST', path: new URL(`${baseUrl}/search`), body }, searcher)
    const results = Array.isArray(answer.results) ? answer.results.filter(isObject) : []
    return {
      summary: answer.answer,
      pages: results.map(({ title, url, content, published_date }) => ({
        title,
        url,
        snippet: content,
        date: published_date,
      })),
    }
  }
}
