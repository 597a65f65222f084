import { parseTargetName } from '../config/target-name.ts'
import { modelPattern } from './model-pattern.ts'
import type { Mappings } from './routing-view.ts'

/** What the model's name alone decides. `target` is strict: that one or an explicit error. */
export type Resolution =
  | { type: 'target'; name: string; because: string }
  | { type: 'route'; route: string; because: string }
  | { type: 'none' }

const none: Resolution = { type: 'none' }

interface CompiledMapping {
  exact: ReadonlyMap<string, string>
  wild: readonly { pattern: string; matches: (name: string) => boolean; value: string }[]
}

/**
 * A target named outright wins; then the mappings, the group's own before the top level's, exact ones
 * before wildcards, then in order. Patterns are compiled here, once per config revision.
 */
export function createModelResolver(
  mappings: readonly Mappings[],
  hasProvider: (id: string) => boolean,
): (model: string) => Resolution {
  const levels = mappings.map(compile)
  return (model) => {
    const named = parseTargetName(model)
    if (named && hasProvider(named.provider)) {
      return { type: 'target', name: model, because: 'the client named the target' }
    }
    for (const level of levels) {
      const value = level.exact.get(model)
      if (value !== undefined) return resolved(model, value, model)
      const entry = level.wild.find(({ matches }) => matches(model))
      if (entry) return resolved(model, entry.value, entry.pattern)
    }
    return none
  }
}

function compile(mappings: Mappings): CompiledMapping {
  return {
    exact: new Map(mappings.filter(([pattern]) => !pattern.includes('*'))),
    wild: mappings
      .filter(([pattern]) => pattern.includes('*'))
      .map(([pattern, value]) => ({ pattern, matches: modelPattern(pattern), value })),
  }
}

function resolved(model: string, value: string, pattern: string): Resolution {
  const because = `modelMapping "${pattern}" -> ${value}`
  if (value.startsWith('route:')) return { type: 'route', route: value.slice('route:'.length), because }
  // `provider.*` keeps the name the client gave.
  const name = value.endsWith('.*') ? `${value.slice(0, -1)}${model}` : value
  return { type: 'target', name, because }
}
