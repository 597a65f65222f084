import { type Estimate, estimateBySize } from '../model/estimate.ts'
import type { ModelRequest } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { type CompiledRouting, compileRouting } from './compiled-routing.ts'
import type { Health } from './health.ts'
import { takeTurn } from './pools.ts'
import { type RouteDecision, route } from './route.ts'
import type { RoutingView } from './routing-view.ts'

export type Decide = (request: ModelRequest) => RouteDecision

export interface DecideOptions {
  /** The config in force; the same object until the next revision. */
  view: () => RoutingView
  health: Pick<Health, 'state'>
  now: () => number
  /** Input tokens, at once. */
  estimate?: (request: ModelRequest) => Estimate
  /** How a target's own counts compare with estimates; 1 when nothing is known. */
  correction?: (target: Target) => number
}

/** Where a request would go and why. Sends nothing and takes nobody's turn, so asking twice answers the same. */
export function createDecide(options: DecideOptions): Decide {
  const { view, health, now, estimate = estimateBySize, correction = uncorrected } = options
  let routing: CompiledRouting | undefined
  return (request) => {
    const current = view()
    if (routing?.view !== current) routing = compileRouting(current)
    return route({ routing, request, estimate: estimate(request), correction, health, now })
  }
}

const uncorrected = () => 1

/** The first candidate is called now: its pool's turn goes on. */
export function takeTurns({ order }: RouteDecision): void {
  const leader = order[0]
  if (!leader) return
  const { pool, member, verdict, health } = leader
  if (pool.strategy === 'priority' || pool.members.length < 2) {
    takeTurn(pool, [], member)
    return
  }
  // One that rests is in the order as a last resort: it earns nothing meanwhile.
  const beside = order.filter(
    (other) => other.pool === pool && other.verdict.tier === verdict.tier && other.health.state === health.state,
  )
  takeTurn(pool, [...new Set(beside.map((other) => other.member))], member)
}
