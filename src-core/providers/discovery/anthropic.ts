import { isObject } from '../../model/json.ts'
import { type Discover, type DiscoveredModel, rowsOf, textOf, tokenCount, uniqueModels } from './discovered-model.ts'

const mostPages = 20

/** `GET /models`, page by page. */
export const discoverAnthropic: Discover = async ({ get }) => {
  const models: DiscoveredModel[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await get(`/models?limit=1000${after ? `&after_id=${encodeURIComponent(after)}` : ''}`)
    for (const row of rowsOf(answer, 'data')) {
      const id = textOf(row.id)
      if (!id) continue
      const { max_input_tokens: input, max_output_tokens: output, max_tokens: total } = row
      models.push({
        id,
        maxContextTokens: tokenCount(input),
        maxOutputTokens: tokenCount(output, total),
        from: '/models',
      })
    }
    const last = isObject(answer) && answer.has_more === true ? textOf(answer.last_id) : undefined
    if (!last || last === after) break
    after = last
  }
  return uniqueModels(models)
}
