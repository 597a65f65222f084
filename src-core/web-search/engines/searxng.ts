import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import type { FoundPage } from '../found.ts'
import type { Road } from '../road.ts'
import { addressWith } from './address-with.ts'
import type { AskEngine } from './index.ts'
import { timeRange } from './time-range.ts'

/** A SearXNG of the user's own: what it gathered from other engines. It gives whole pages of hits; a count is ours to keep. */
export function searxngEngine({ baseUrl, json }: Road, options: JsonObject): AskEngine {
  return async ({ query, recency }, searcher) => {
    const parameters = { q: query, time_range: timeRange[recency], ...options, format: 'json' }
    const answer = await json({ method: 'GET', path: addressWith(`${baseUrl}/search`, parameters) }, searcher)
    const results = Array.isArray(answer.results) ? answer.results.filter(isObject) : []
    return { summary: answered(answer.answers), pages: results.map(page) }
  }
}

function page({ title, url, content, engine, publishedDate }: JsonObject): FoundPage {
  return { title, url, snippet: content, source: engine, date: publishedDate }
}

/** Its instant answers: texts, or objects around them. */
function answered(answers: Json | undefined): string {
  const texts = (Array.isArray(answers) ? answers : []).map((one) => (isObject(one) ? one.answer : one))
  return texts.filter((text) => typeof text === 'string').join('\n')
}
