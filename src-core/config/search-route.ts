import { parseTargetName } from './target-name.ts'

/** The route that says which targets may search; it takes no conversations. */
export const searchRoute = 'web_search'

/** Whether a target of that route stands for an engine's: the same one, all models of its provider, or all its credentials. */
export function isEngineTarget(listed: string, providerKey: string): boolean {
  const [place, wanted] = [parseTargetName(listed), parseTargetName(providerKey)]
  if (!place || !wanted || place.provider !== wanted.provider) return false
  if (place.alias !== undefined && place.alias !== wanted.alias) return false
  return place.model === '*' || place.model === wanted.model
}
