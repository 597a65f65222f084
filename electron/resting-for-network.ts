import type { HealthView } from '../src-core/index.ts'

/** What a machine that slept or was offline could not reach says nothing about the service. */
const ofTheNetwork = new Set(['provider-unreachable', 'timeout', 'stream-broken'])

/** Targets that rest only because of the network: they may be tried again at once. A limit stays a limit. */
export function restingForTheNetwork({ targets }: HealthView): string[] {
  return targets.flatMap(({ target, state, failure }) =>
    state !== 'healthy' && failure && ofTheNetwork.has(failure.kind) ? target : [],
  )
}
