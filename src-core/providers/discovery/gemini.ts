import { isObject } from '../../model/json.ts'
import { type Discover, type DiscoveredModel, rowsOf, textOf, tokenCount, uniqueModels } from './discovered-model.ts'

const mostPages = 20

/** `GET /models`, page by page: names, limits, and what can generate. */
export const discoverGemini: Discover = async ({ get }) => {
  const models: DiscoveredModel[] = []
  let token: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await get(`/models?pageSize=1000${token ? `&pageToken=${encodeURIComponent(token)}` : ''}`)
    for (const row of rowsOf(answer, 'models')) {
      const id = textOf(row.name)?.replace(/^(publishers\/google\/)?models\//, '')
      const methods = row.supportedGenerationMethods
      if (!id || (Array.isArray(methods) && !methods.includes('generateContent'))) continue
      const { inputTokenLimit: input, outputTokenLimit: output } = row
      models.push({ id, maxContextTokens: tokenCount(input), maxOutputTokens: tokenCount(output), from: '/models' })
    }
    const next = isObject(answer) ? textOf(answer.nextPageToken) : undefined
    if (!next || next === token) break
    token = next
  }
  return uniqueModels(models)
}
