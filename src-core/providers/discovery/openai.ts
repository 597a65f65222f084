import { isObject, type JsonObject } from '../../model/json.ts'
import { type Discover, type DiscoveredModel, rowsOf, textOf, tokenCount, uniqueModels } from './discovered-model.ts'

/** `GET /models`. OpenAI names no limits; OpenRouter, vLLM, LiteLLM and others do, each in its own words. */
export const discoverOpenai: Discover = async ({ get }) => {
  return uniqueModels(rowsOf(await get('/models'), 'data', 'models').map((row) => openaiModel(row, '/models')))
}

export function openaiModel(row: JsonObject, from: string): DiscoveredModel | undefined {
  const id = textOf(row.id, row.name, row.model)
  if (!id) return undefined
  const top = isObject(row.top_provider) ? row.top_provider : {}
  return {
    id,
    maxContextTokens: tokenCount(
      top.context_length,
      row.max_input_tokens,
      row.context_length,
      row.context_window,
      row.max_model_len,
      row.max_context_length,
    ),
    maxOutputTokens: tokenCount(top.max_completion_tokens, row.max_output_tokens, row.max_completion_tokens),
    from,
  }
}
