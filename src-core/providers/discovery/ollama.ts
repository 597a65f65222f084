import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { type Discover, type DiscoveredModel, rowsOf, textOf, tokenCount, uniqueModels } from './discovered-model.ts'

/**
 * The window Ollama really gives a model: the one it is loaded with, else its own num_ctx. The model's maximum is
 * no answer (longer prompts are cut silently at the server's default), except for models that run in the cloud.
 */
export const discoverOllama: Discover = async ({ get, post }) => {
  const [tags, running] = await Promise.all([
    get('/api/tags', 'root'),
    get('/api/ps', 'root').catch((): Json => null), // an older server: nothing is known to be loaded
  ])
  const loaded = new Map(
    rowsOf(running, 'models').map((row) => [textOf(row.name, row.model), tokenCount(row.context_length)]),
  )
  const models: DiscoveredModel[] = []
  for (const row of rowsOf(tags, 'models')) {
    const id = textOf(row.name, row.model)
    if (!id) continue
    const current = loaded.get(id)
    const shown = current ? {} : await post('/api/show', { model: id }, 'root').catch((): Json => null) // its limits stay unknown
    const from = current ? '/api/ps' : '/api/show'
    models.push({ id, maxContextTokens: current ?? windowShown(row, isObject(shown) ? shown : {}), from })
  }
  return uniqueModels(models)
}

function windowShown(row: JsonObject, shown: JsonObject): number | undefined {
  const own = typeof shown.parameters === 'string' ? /^\s*num_ctx\s+(\d+)/m.exec(shown.parameters)?.[1] : undefined
  if (own) return tokenCount(own)
  const remote = textOf(row.remote_host, row.remote_model, shown.remote_host, shown.remote_model)
  if (!remote || !isObject(shown.model_info)) return undefined
  const [, largest] = Object.entries(shown.model_info).find(([key]) => key.endsWith('.context_length')) ?? []
  return tokenCount(largest)
}
