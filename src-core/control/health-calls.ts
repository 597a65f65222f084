import type { Handlers, HealthOf, HealthView, Probed } from './contract.ts'
import { badInput } from './control-error.ts'

type HealthCalls = Pick<Handlers, 'getHealth' | 'resetHealth' | 'probeTarget'>

type Entry = HealthOf & { id: string }

export interface HealthParts {
  /** Only those that failed have a history. */
  health: {
    list(): { targets: Entry[]; credentials: Entry[] }
    reset(what: { target?: string; credential?: string }): void
  }
  /** What the config names, by id. */
  targets(): readonly string[]
  credentials(): readonly string[]
  /** One cheap call now; undefined when there is no such target. */
  probe(target: string, signal: AbortSignal): Promise<Probed> | undefined
}

export function healthCalls(parts: HealthParts): HealthCalls {
  return {
    getHealth: () => viewHealth(parts),
    resetHealth(what) {
      const { targets, credentials } = viewHealth(parts)
      if (what.target !== undefined && !targets.some(({ target }) => target === what.target))
        throw badInput('target', `There is no target ${what.target}.`)
      if (what.credential !== undefined && !credentials.some(({ credential }) => credential === what.credential))
        throw badInput('credential', `There is no credential ${what.credential}; it is written provider[alias].`)
      parts.health.reset(what)
      return viewHealth(parts)
    },
    async probeTarget({ target }, signal) {
      const probed = await parts.probe(target, signal)
      if (!probed) throw badInput('target', `There is no target ${target} that may be called.`)
      return probed
    },
  }
}

/** All the config names, and what else has failed since the start. */
export function viewHealth({ health, targets, credentials }: Omit<HealthParts, 'probe'>): HealthView {
  const list = health.list()
  return {
    targets: withOthers(targets(), list.targets).map(({ id, ...entry }) => ({ target: id, ...healthOf(entry) })),
    credentials: withOthers(credentials(), list.credentials).map(({ id, ...entry }) => ({
      credential: id,
      ...healthOf(entry),
    })),
  }
}

function withOthers(configured: readonly string[], failed: readonly Entry[]): Entry[] {
  const known = new Map<string, Entry>()
  for (const id of configured) known.set(id, { id, state: 'healthy', since: 0, until: 0 })
  for (const entry of failed) known.set(entry.id, entry)
  return [...known.values()]
}

const healthOf = ({ state, since, until, failure, waitFrom }: HealthOf): HealthOf => ({
  state,
  since,
  until,
  failure,
  waitFrom,
})
