import { GatewayError } from '../model/error.ts'
import { type RouteDecision, tooSmall } from './route.ts'

/** Why no target may take the request, in words that say what to do. */
export function refusal(decision: RouteDecision, group: string): GatewayError {
  const { strict, skipped, refused } = decision
  if (refused.length > 0) {
    const largest = refused.reduce((best, next) => (next.verdict.limit > best.verdict.limit ? next : best))
    const { id } = largest.target
    const words = `The conversation is too long: ${tooSmall(largest.verdict)} (${id}, the largest there is for it).`
    return new GatewayError('context-overflow', `${words} Shorten it, or add a target with a larger window.`, {
      target: id,
    })
  }
  if (strict !== undefined) {
    const because = skipped[0]?.because ?? 'it is not configured'
    return new GatewayError('no-target', `${strict} cannot be called: ${because}.`, { target: strict })
  }
  const path = routingPath(group)
  if (skipped.length === 0) {
    const words = `No target can take this request: route default of group ${group} has none.`
    return new GatewayError('no-target', `${words} Add one to ${path}.default in the config.`, { path })
  }
  const reasons = skipped.slice(0, 3).map(({ target, because }) => `${target}: ${because}`)
  const more = skipped.length > 3 ? `; and ${skipped.length - 3} more` : ''
  const words = `No target can take this request (${reasons.join('; ')}${more}).`
  return new GatewayError('no-target', `${words} Enable one of them or add another to ${path}.default in the config.`, {
    path,
  })
}

function routingPath(group: string): string {
  return group === 'default' ? 'virtualrouter.routing' : `virtualrouter.routingGroups.${group}.routing`
}
