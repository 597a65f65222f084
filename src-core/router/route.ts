import { consequences } from '../model/error.ts'
import type { Estimate } from '../model/estimate.ts'
import type { ModelRequest, RequestTraits } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { classify } from './classify.ts'
import type { CompiledRouting } from './compiled-routing.ts'
import { adviseContext, type ContextNeed, type ContextVerdict } from './context-advisor.ts'
import type { Health } from './health.ts'
import type { TargetHealth } from './health-entry.ts'
import { credentialsInTurn, type Member, membersInTurn, type Pool } from './pools.ts'

/** A target with what was found out about it for one request. */
export interface Candidate {
  target: Target
  verdict: ContextVerdict
  health: TargetHealth
  route: string
  pool: Pool
  member: Member
}

interface Skipped {
  target: string
  because: string
}

export interface RouteDecision {
  /** The route of the first candidate; `direct` for a target named by the client or a mapping. */
  route: string
  because: string[]
  traits: RequestTraits
  estimate: Estimate
  /** In the order they are tried. */
  order: Candidate[]
  skipped: Skipped[]
  /** Candidates whose window is too small while `hardLimit` is on. */
  refused: Candidate[]
  /** Only the named target may answer. */
  strict: string | undefined
}

export interface RouteInput {
  routing: CompiledRouting
  request: ModelRequest
  estimate: Estimate
  /** Times the estimate, for this target. */
  correction: (target: Target) => number
  health: Pick<Health, 'state'>
  now: () => number
}

/** Everything that may answer the request, best first, with the reasons. Calls nothing and changes nothing. */
export function route(input: RouteInput): RouteDecision {
  const { routing, request } = input
  const { tokens } = input.estimate
  const survey: Survey = { fits: [], overflow: [], resting: [], skipped: [], seen: new Set() }
  const choice = routing.choose(request.model)

  if (choice.type === 'target') {
    surveyRoute(input, survey, 'direct', [choice.pool])
    return decide(input, survey, { route: 'direct', because: [choice.because], strict: choice.name })
  }

  const hits =
    choice.type === 'route' ? [choice] : classify({ ...routing.view.classifier, traits: request.traits, tokens })
  let chosen: string | undefined
  const because: string[] = []
  for (const hit of hits) {
    const found = surveyRoute(input, survey, hit.route, routing.routes.get(hit.route))
    because.push(found ? hit.because : `${hit.because}, but route ${hit.route} has no target`)
    if (!found) continue
    chosen = hit.route
    break
  }
  for (const follower of ['longcontext', 'default']) {
    if (follower !== chosen) surveyRoute(input, survey, follower, routing.routes.get(follower))
  }
  return decide(input, survey, { route: chosen ?? 'default', because, strict: undefined })
}

/** What the walk over the routes has gathered. `fits` is already in order. */
interface Survey {
  fits: Candidate[]
  overflow: Candidate[]
  resting: Candidate[]
  skipped: Skipped[]
  seen: Set<string>
}

/** Adds a route's targets; false when it has none. */
function surveyRoute(input: RouteInput, survey: Survey, route: string, pools: readonly Pool[] = []): boolean {
  const { routing, request, health } = input
  const need: ContextNeed = {
    inputTokens: input.estimate.tokens,
    wishedOutputTokens: request.traits.wishedOutputTokens ?? 0,
    warnRatio: routing.view.contextRouting.warnRatio,
  }
  const safe: Candidate[] = []
  const risky: Candidate[] = []
  let found = false
  for (const pool of pools) {
    const safeHere: Candidate[] = []
    const riskyHere: Candidate[] = []
    for (const member of pool.members) {
      const targets = routing.view.expand(member.name, request.model)
      if (targets.length === 0) skip(input, survey, member.name)
      for (const target of targets) {
        found = true
        if (survey.seen.has(target.id)) continue
        survey.seen.add(target.id)
        const candidate: Candidate = {
          target,
          verdict: adviseContext(need, target, input.correction(target)),
          health: health.state(target),
          route,
          pool,
          member,
        }
        if (candidate.health.state !== 'healthy') survey.resting.push(candidate)
        else if (candidate.verdict.tier === 'overflow') survey.overflow.push(candidate)
        else if (candidate.verdict.tier === 'risky') riskyHere.push(candidate)
        else safeHere.push(candidate)
      }
    }
    safe.push(...inTurn(pool, safeHere))
    risky.push(...inTurn(pool, riskyHere))
  }
  survey.fits.push(...namedFirst(safe, request.model), ...namedFirst(risky, request.model))
  return found
}

function skip({ routing, request }: RouteInput, survey: Survey, name: string): void {
  if (survey.seen.has(name)) return
  survey.seen.add(name)
  const because = routing.view.skippedBecause(name, request.model) ?? 'it is not configured'
  survey.skipped.push({ target: name, because })
}

/** Members in their turn, and within each its credentials in theirs. Those of one member stand together. */
function inTurn(pool: Pool, candidates: Candidate[]): Candidate[] {
  if (candidates.length < 2) return candidates
  const several = candidates.some(({ member }, index) => index > 0 && candidates[index - 1]!.member === member)
  if (pool.strategy === 'priority' && !several) return candidates
  const byMember = Map.groupBy(candidates, ({ member }) => member)
  return membersInTurn(pool, [...byMember.keys()]).flatMap((member) =>
    credentialsInTurn(pool, member, byMember.get(member)!),
  )
}

/** Targets whose model is the one the client named come first. One that takes any name was not chosen for it. */
function namedFirst(candidates: Candidate[], model: string): Candidate[] {
  const named = candidates.filter(({ member, target }) => !member.wild && isNamed(target, model))
  if (named.length === 0 || named.length === candidates.length) return candidates
  return [...named, ...candidates.filter((candidate) => !named.includes(candidate))]
}

function isNamed(target: Target, model: string): boolean {
  if (target.model === model) return true
  const { id, provider, credential } = target
  const dot = id.length - model.length - 1
  return (dot === provider.length || dot === provider.length + credential.length + 2) && id.endsWith(`.${model}`)
}

type Chosen = Pick<RouteDecision, 'route' | 'because' | 'strict'>

/** Healthy and fitting first; then resting targets likely to be back; what overflows comes last. */
function decide(input: RouteInput, survey: Survey, { route, because, strict }: Chosen): RouteDecision {
  const { hardLimit } = input.routing.view.contextRouting
  const { fits, skipped } = survey
  const resting = survey.resting.toSorted(byReturn)
  const order = fits
  const fitsNow = fits.length > 0

  const fitting = resting.filter(
    ({ verdict, health }) => verdict.tier !== 'overflow' && (!fitsNow || health.state === 'cooling'),
  )
  order.push(...lastResorts(fitting))
  const refused: Candidate[] = []
  const overflow = survey.overflow.toSorted((a, b) => (a.verdict.ratio ?? 0) - (b.verdict.ratio ?? 0))
  if (hardLimit) refused.push(...overflow, ...resting.filter(({ verdict }) => verdict.tier === 'overflow'))
  else order.push(...overflow)
  if (order.length === 0 && !hardLimit && resting[0]) order.push(resting[0])

  for (const { target, verdict } of refused) skipped.push({ target: target.id, because: tooSmall(verdict) })
  for (const candidate of resting) {
    if (order.includes(candidate) || refused.includes(candidate)) continue
    skipped.push({ target: candidate.target.id, because: restingUntil(candidate.health, input.now()) })
  }
  const first = order[0]
  if (first && first.route !== route) because.push(`nothing in route ${route} can take it now`)
  if (first?.verdict.tier === 'overflow') because.push('no window is large enough; the largest is tried first')
  if (first && first.health.state !== 'healthy') because.push('the only candidate left')
  const { estimate, request } = input
  return {
    route: first?.route ?? route,
    because,
    traits: request.traits,
    estimate,
    order,
    skipped,
    refused,
    strict,
  }
}

/** Of those that rest after hiccups any may be well again, and asking costs little; else the likeliest one. */
function lastResorts(fitting: readonly Candidate[]): readonly Candidate[] {
  const hiccups = fitting.filter(({ health }) => health.failure && consequences[health.failure.kind].retrySame)
  return hiccups.length > 0 ? hiccups.slice(0, mostLastResorts) : fitting.slice(0, 1)
}

/** When all are down, the client must not wait for each of them. */
const mostLastResorts = 3

const tierRank = { safe: 0, unknown: 0, risky: 1, overflow: 2 } as const

function byReturn(a: Candidate, b: Candidate): number {
  const tripped = Number(a.health.state === 'tripped') - Number(b.health.state === 'tripped')
  return tripped || tierRank[a.verdict.tier] - tierRank[b.verdict.tier] || a.health.until - b.health.until
}

export function tooSmall({ needed, limit }: ContextVerdict): string {
  return `the request needs about ${needed} tokens, its window holds ${limit}`
}

function restingUntil({ state, until, failure }: TargetHealth, now: number): string {
  const seconds = Math.max(1, Math.ceil((until - now) / 1000))
  return `${state} for another ${seconds} s${failure ? ` after ${failure.kind}` : ''}`
}
