import { isObject, type Json } from '../../model/json.ts'
import { type Discover, type DiscoveredModel, rowsOf, textOf, tokenCount, uniqueModels } from './discovered-model.ts'
import { openaiModel } from './openai.ts'

/**
 * The proxy's groups with their limits, then its deployments, then the plain list. The first two may be closed to
 * a key; wildcard routes name no model.
 */
export const discoverLitellm: Discover = async ({ get }) => {
  const listed = get('/v1/models', 'root').then(
    (answer) => ({ models: fromList(answer) }),
    (failure: unknown) => ({ models: [], failure }),
  )
  const detailed = await firstWithModels([
    async () => fromGroups(await get('/model_group/info', 'root')),
    async () => fromDeployments(await get('/v1/model/info', 'root')),
  ])
  const plain = await listed
  const models = uniqueModels([...detailed, ...plain.models])
  if (models.length === 0 && 'failure' in plain) throw plain.failure
  return models
}

async function firstWithModels(sources: (() => Promise<DiscoveredModel[]>)[]): Promise<DiscoveredModel[]> {
  for (const source of sources) {
    const models = await source().catch(() => []) // closed to this key or unknown to this build: the next source may answer
    if (models.some(({ maxContextTokens }) => maxContextTokens)) return models
  }
  return []
}

function fromGroups(answer: Json): DiscoveredModel[] {
  return rowsOf(answer, 'data').flatMap((row) => {
    const id = textOf(row.model_group)
    if (!id || id.includes('*')) return []
    const { max_input_tokens: input, max_output_tokens: output } = row
    return [{ id, maxContextTokens: tokenCount(input), maxOutputTokens: tokenCount(output), from: '/model_group/info' }]
  })
}

/** Several deployments of one name share the load, so the narrowest is what counts. */
function fromDeployments(answer: Json): DiscoveredModel[] {
  const narrowest = new Map<string, DiscoveredModel>()
  for (const row of rowsOf(answer, 'data')) {
    const id = textOf(row.model_name)
    if (!id || id.includes('*')) continue
    const info = isObject(row.model_info) ? row.model_info : {}
    const known = narrowest.get(id)
    narrowest.set(id, {
      id,
      maxContextTokens: smaller(known?.maxContextTokens, tokenCount(info.max_input_tokens, info.max_tokens)),
      maxOutputTokens: smaller(known?.maxOutputTokens, tokenCount(info.max_output_tokens)),
      from: '/v1/model/info',
    })
  }
  return [...narrowest.values()]
}

function fromList(answer: Json): (DiscoveredModel | undefined)[] {
  return rowsOf(answer, 'data').map((row) => openaiModel(row, '/v1/models'))
}

function smaller(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right)
}
