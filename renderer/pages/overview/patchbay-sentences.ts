import { useNow } from '../../clock.ts'
import { countdown, percent } from '../../format.ts'
import { useMessages } from '../../messages.ts'
import type { ClientJack, PatchbayView, RouteJack, TargetJack } from './patchbay-view.ts'

/** One sentence for each jack: why requests go there, and what it is doing. */
export function useSentences({ clients }: PatchbayView) {
  const { overview, states } = useMessages()
  const now = useNow()
  const all = clients.reduce((sum, { requests }) => sum + requests, 0)
  return {
    client: ({ protocol, requests }: ClientJack): string =>
      requests === 0
        ? overview.clientIdle(overview.protocols[protocol])
        : overview.clientBusy(overview.protocols[protocol], requests),

    route({ id, targets: [first, second], requests }: RouteJack): string {
      if (first === undefined) return overview.routeEmpty(id)
      if (second === undefined) return overview.routeOne(id, first, requests, all)
      return overview.routeMore(id, first, second, requests, all)
    },

    target({ id, state, firstFor, requests, fullest, health }: TargetJack): string {
      if (health.failure) return overview.targetFailing(id, states[state], health.failure.message)
      if (fullest !== undefined) return overview.targetBusy(id, states[state], requests, percent(fullest))
      if (firstFor.length > 0) return overview.targetFirst(id, states[state], firstFor.join(', '))
      return overview.targetSpare(id, states[state])
    },

    /** What stands under a target that is resting. */
    wait({ state, health: { until } }: TargetJack): string | undefined {
      if (state === 'cooling' || state === 'tripped') {
        return until !== undefined && until > now ? overview.backIn(countdown(until - now)) : states[state]
      }
      return state === 'off' ? states.off : undefined
    },
  }
}
