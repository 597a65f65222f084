import type { Target } from '../model/target.ts'

/** A pool as the config writes it. */
export interface PoolSettings {
  id?: string
  targets: readonly (string | { target: string; weight?: number })[]
  strategy?: 'priority' | 'round-robin' | 'weighted'
  backup?: boolean
}

/** Pattern and value, in the order the user wrote them. */
export type Mappings = readonly (readonly [pattern: string, value: string])[]

/**
 * What routing reads of the config in force: made by gateway.ts once per revision and never changed
 * afterwards, so that everything compiled from it can be kept beside it.
 */
export interface RoutingView {
  revision: string | number
  /** The active routing group; `default` for `virtualrouter.routing`. */
  group: string
  /** The active group's routes and their pools. */
  routes: ReadonlyMap<string, readonly PoolSettings[]>
  /** The active group's own mappings first, then the top level's. */
  mappings: readonly Mappings[]
  /** Whether a provider of this id is configured, enabled or not. */
  hasProvider(id: string): boolean
  /**
   * The targets behind `provider.model`, `provider[alias].model` or `provider.*` (which takes the model
   * the client named), one per credential. Empty when none may be called; `skippedBecause` then says why.
   */
  expand(name: string, clientModel: string): readonly Target[]
  /** Why a name has no targets and what to do about it, as a sentence without its full stop. */
  skippedBecause(name: string, clientModel: string): string | undefined
  contextRouting: { warnRatio: number; hardLimit: boolean }
  classifier: { longContextThresholdTokens: number }
  retry: { attempts: number; deadlineMs: number; maxWaitMs: number }
}
