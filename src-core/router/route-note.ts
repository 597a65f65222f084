import type { RouteNote } from '../model/event.ts'
import type { Candidate, RouteDecision } from './route.ts'

/** What the exchange record says of the target that answered after `attempts` calls. */
export function routeNote(decision: RouteDecision, candidate: Candidate, attempts: number): RouteNote {
  const { target, verdict, route } = candidate
  const because =
    route === decision.route
      ? decision.because
      : [...decision.because, `route ${decision.route} failed on this request`]
  return {
    route,
    because,
    target: target.id,
    model: target.model,
    attempts,
    ratio: verdict.ratio,
    context: verdict.tier,
    decision,
  }
}
