import type { Estimate } from './estimate.ts'
import type { RequestTraits } from './request.ts'
import type { Target } from './target.ts'

/** A routing decision as far as others are told of it. The router's own has more; records keep it by reference. */
export interface Decision {
  route: string
  because: readonly string[]
  traits: RequestTraits
  estimate: Estimate
  /** In the order they are tried. */
  order: readonly {
    target: Pick<Target, 'id' | 'limitFrom'>
    route: string
    verdict: { tier: 'safe' | 'risky' | 'overflow' | 'unknown'; ratio: number | undefined; limit: number }
  }[]
  skipped: readonly { target: string; because: string }[]
}

/** The same as plain JSON, for people and for the window. */
export interface Explanation {
  route: string
  because: readonly string[]
  traits: RequestTraits
  estimate: Estimate
  order: {
    target: string
    route: string
    verdict: 'safe' | 'risky' | 'overflow' | 'unknown'
    /** What is needed ÷ the window. */
    ratio?: number
    limit: number
    limitFrom: Target['limitFrom']
  }[]
  skipped: { target: string; because: string }[]
}

/** An estimate may work its parts out when asked, and until then hold on to the request. */
export const figures = ({ tokens, parts, exact }: Estimate): Estimate => ({ tokens, parts, exact })

export function explain({ route, because, traits, estimate, order, skipped }: Decision): Explanation {
  return {
    route,
    because,
    traits,
    estimate: figures(estimate),
    order: order.map(({ target, route: from, verdict }) => ({
      target: target.id,
      route: from,
      verdict: verdict.tier,
      ratio: verdict.ratio,
      limit: verdict.limit,
      limitFrom: target.limitFrom,
    })),
    skipped: [...skipped],
  }
}
