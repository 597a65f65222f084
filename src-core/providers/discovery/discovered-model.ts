import { isObject, type Json, type JsonObject } from '../../model/json.ts'

/** A model a service says it has. */
export interface DiscoveredModel {
  id: string
  maxContextTokens?: number
  maxOutputTokens?: number
  /** The path that named it. */
  from: string
}

/** Asks the service, credentials included; throws a GatewayError for anything but JSON with a good status. */
export type FetchJson = (
  url: URL,
  options: { method: 'GET' | 'POST'; body?: Json; signal: AbortSignal },
) => Promise<Json>

/** What one kind of discovery is handed. `root` is the base URL without its version segment. */
export interface DiscoveryContext {
  get(path: string, from?: 'base' | 'root'): Promise<Json>
  post(path: string, body: Json, from?: 'base' | 'root'): Promise<Json>
}

export type Discover = (context: DiscoveryContext) => Promise<DiscoveredModel[]>

/** A count of tokens, however it was written: floats and digit strings count, null, 0 and nonsense do not. */
export function tokenCount(...candidates: (Json | undefined)[]): number | undefined {
  for (const candidate of candidates) {
    const number = typeof candidate === 'string' && candidate.trim() !== '' ? Number(candidate) : candidate
    if (typeof number === 'number' && Number.isFinite(number) && number >= 1) {
      return Math.min(Math.floor(number), Number.MAX_SAFE_INTEGER)
    }
  }
  return undefined
}

/** The objects of a list: bare, or under one of the names services use. */
export function rowsOf(answer: Json | undefined, ...names: string[]): JsonObject[] {
  const list = Array.isArray(answer)
    ? answer
    : isObject(answer)
      ? names.map((name) => answer[name]).find(Array.isArray)
      : []
  return (list ?? []).filter(isObject)
}

export function textOf(...candidates: (Json | undefined)[]): string | undefined {
  return candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '')
}

/** One row a model, first mention first; a later mention fills what an earlier one left open. */
export function uniqueModels(models: Iterable<DiscoveredModel | undefined>): DiscoveredModel[] {
  const byId = new Map<string, DiscoveredModel>()
  for (const model of models) {
    if (!model) continue
    const known = byId.get(model.id)
    if (!known) byId.set(model.id, { ...model })
    else {
      known.maxContextTokens ??= model.maxContextTokens
      known.maxOutputTokens ??= model.maxOutputTokens
    }
  }
  return [...byId.values()]
}
