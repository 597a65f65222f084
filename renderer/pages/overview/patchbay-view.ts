import type { ConfigView, HealthView, StateView } from '../../../src-core/control/contract.ts'
import type { MarkState } from '../../components/state-mark.tsx'
import type { ExchangeRing, ExchangeSummary } from '../../exchange-ring.ts'
import { healthOfTarget, type TargetHealth } from '../../target-health.ts'
import { matchesTarget } from '../../target-name.ts'

/** What the patchbay shows: who asks, by which route, answered where. */
export interface PatchbayView {
  clients: ClientJack[]
  routes: RouteJack[]
  targets: TargetJack[]
  /** From a client to a route, and from a route to a target. */
  cables: Cable[]
}

export interface ClientJack {
  id: string
  protocol: ExchangeSummary['protocol']
  requests: number
  open: number
}

export interface RouteJack {
  id: string
  /** As the config names them, in the order they are tried. */
  targets: string[]
  requests: number
  open: number
}

export interface TargetJack {
  id: string
  state: MarkState
  health: TargetHealth
  requests: number
  open: number
  /** How full its window was by the largest recent request. */
  fullest: number | undefined
  /** Routes that ask it first. */
  firstFor: string[]
}

export interface Cable {
  from: string
  to: string
  side: 'client' | 'target'
  /** first: where its route goes; spare: where it goes when the first cannot; seen: no route's, but requests came by it. */
  kind: 'first' | 'spare' | 'seen'
  requests: number
  open: number
}

export interface PatchbaySources {
  config: ConfigView
  state: StateView
  health: HealthView | undefined
  exchanges: ExchangeRing
  now: number
}

/** Traffic of this long ago still gives a cable its weight. */
export const recentMs = 300_000

const alwaysShown: readonly ExchangeSummary['protocol'][] = ['gemini-chat', 'openai-chat']

export function viewPatchbay({ config, state, health, exchanges, now }: PatchbaySources): PatchbayView {
  const routing = routingOf(config, state.activeGroup)
  const recent = recentOf(exchanges, now)
  const routes = Object.entries(routing).map(([id, pools]) => ({
    id,
    targets: pools.flatMap((pool) => pool.targets.map((one) => (typeof one === 'string' ? one : one.target))),
  }))
  const targets = [...new Set([...routes.flatMap((route) => route.targets), ...strays(recent, routes)])]
  const protocols = [...new Set([...alwaysShown, ...recent.map(({ protocol }) => protocol)])]
  return {
    clients: protocols.map((protocol) => {
      return { id: protocol, protocol, ...trafficOf(recent.filter((exchange) => exchange.protocol === protocol)) }
    }),
    routes: routes.map((route) => ({
      ...route,
      ...trafficOf(recent.filter((exchange) => exchange.route === route.id)),
    })),
    targets: targets.map((id) => {
      const answered = recent.filter(({ target }) => target !== undefined && matchesTarget(id, target))
      const own = healthOfTarget(id, state.providers, health)
      return {
        id,
        state: own.state,
        health: own,
        ...trafficOf(answered),
        fullest: most(answered.map(({ context }) => context?.ratio)),
        firstFor: routes.filter((route) => route.targets[0] === id).map((route) => route.id),
      }
    }),
    cables: [...clientCables(recent, protocols, routes), ...targetCables(recent, targets, routes)],
  }
}

type Route = Pick<RouteJack, 'id' | 'targets'>

function clientCables(recent: ExchangeRing, protocols: string[], routes: Route[]): Cable[] {
  return protocols.flatMap((protocol) =>
    routes.flatMap(({ id }): Cable[] => {
      const traffic = trafficOf(recent.filter((one) => one.protocol === protocol && one.route === id))
      // what nobody asked for yet would come by the route of everything else
      if (traffic.requests === 0 && id !== 'default') return []
      return [{ from: protocol, to: id, side: 'client', kind: traffic.requests > 0 ? 'first' : 'spare', ...traffic }]
    }),
  )
}

function targetCables(recent: ExchangeRing, targets: string[], routes: Route[]): Cable[] {
  return routes.flatMap((route) =>
    targets.flatMap((target): Cable[] => {
      const traffic = trafficOf(
        recent.filter((one) => one.route === route.id && one.target !== undefined && matchesTarget(target, one.target)),
      )
      const place = route.targets.indexOf(target)
      if (place < 0 && traffic.requests === 0) return []
      const kind = place === 0 ? 'first' : place > 0 ? 'spare' : 'seen'
      return [{ from: route.id, to: target, side: 'target', kind, ...traffic }]
    }),
  )
}

/** The routes of a group: its own, or those at the top for the one named `default`. */
function routingOf({ value }: Pick<ConfigView, 'value'>, group: string) {
  const { routing, routingGroups } = value.virtualrouter
  return routingGroups[group]?.routing ?? routing
}

/** Newest first, so the recent ones are at the front. An open one counts however long it takes. */
function recentOf(exchanges: ExchangeRing, now: number): ExchangeRing {
  return exchanges.filter(({ startedAt, state }) => state === 'open' || startedAt > now - recentMs)
}

/** Targets that answered though no route names them: a client named them outright. */
function strays(recent: ExchangeRing, routes: Route[]): string[] {
  const named = routes.flatMap((route) => route.targets)
  return recent.flatMap(({ target }) => {
    if (target === undefined || named.some((pattern) => matchesTarget(pattern, target))) return []
    return [target]
  })
}

const trafficOf = (exchanges: ExchangeRing): { requests: number; open: number } => ({
  requests: exchanges.length,
  open: exchanges.filter(({ state }) => state === 'open').length,
})

function most(ratios: (number | undefined)[]): number | undefined {
  const known = ratios.filter((ratio) => ratio !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
