import { compilePools, type Pool, poolOf } from './pools.ts'
import { createModelResolver } from './resolve-model.ts'
import type { RoutingView } from './routing-view.ts'

/** What a client's model name decides; a strict name comes with the pool its credentials take turns in. */
type ModelChoice =
  | { type: 'target'; name: string; because: string; pool: Pool }
  | { type: 'route'; route: string; because: string }
  | { type: 'none' }

/** A view with everything prepared that does not depend on the request. */
export interface CompiledRouting {
  view: RoutingView
  choose(model: string): ModelChoice
  routes: ReadonlyMap<string, readonly Pool[]>
}

/** Clients may send any name, so what is remembered about them has an end. */
const mostNames = 1000

export function compileRouting(view: RoutingView): CompiledRouting {
  const resolve = createModelResolver(view.mappings, view.hasProvider)
  const choices = new Map<string, ModelChoice>()
  return {
    view,
    choose(model) {
      const known = choices.get(model)
      if (known) return known
      const resolution = resolve(model)
      const choice: ModelChoice =
        resolution.type === 'target' ? { ...resolution, pool: poolOf(resolution.name) } : resolution
      if (choices.size >= mostNames) choices.clear()
      choices.set(model, choice)
      return choice
    },
    routes: new Map([...view.routes].map(([route, pools]) => [route, compilePools(pools)])),
  }
}
