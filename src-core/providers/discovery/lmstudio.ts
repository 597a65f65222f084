import { isObject, type Json, type JsonObject } from '../../model/json.ts'
import { type Discover, type DiscoveredModel, rowsOf, textOf, tokenCount, uniqueModels } from './discovered-model.ts'

/** LM Studio's own list, the older one where that is all there is. A loaded model's window counts before its maximum. */
export const discoverLmstudio: Discover = async ({ get }) => {
  const current = await get('/api/v1/models', 'root').catch((): Json => null) // before 0.4 there was only the older list
  const rows = rowsOf(current, 'models', 'data')
  if (rows.length > 0) return uniqueModels(rows.map((row) => model(row, '/api/v1/models')))
  return uniqueModels(
    rowsOf(await get('/api/v0/models', 'root'), 'data', 'models').map((row) => model(row, '/api/v0/models')),
  )
}

function model(row: JsonObject, from: string): DiscoveredModel | undefined {
  const id = textOf(row.key, row.id)
  if (!id || row.type === 'embedding' || row.type === 'embeddings') return undefined
  const instances = rowsOf(row.loaded_instances).map(({ config }) =>
    isObject(config) ? tokenCount(config.context_length) : undefined,
  )
  const loaded = instances.filter((count): count is number => count !== undefined)
  const narrowest = loaded.length > 0 ? Math.min(...loaded) : tokenCount(row.loaded_context_length)
  return { id, maxContextTokens: narrowest ?? tokenCount(row.max_context_length), from }
}
