import type { Problem } from '../config/problem.ts'
import type { Routing } from '../config/schema.ts'
import type { ConfigStore } from '../config/store.ts'
import { targetOf } from '../config/target-name.ts'
import { activeGroup, routingGroups } from '../config/views.ts'
import type { ExposureView, ProviderView, StateView } from './contract.ts'

export interface StateParts {
  version: string
  startedAt: number
  url(): string
  store: Pick<ConfigStore, 'current'>
  providers(): ProviderView[]
  openExchanges(): number
  /** What a config that is in force gets wrong all the same. */
  advice(): readonly Problem[]
  pause: { on(): boolean; set(on: boolean): void }
  exposure: { current(): ExposureView | undefined }
  startAtLogin: { on(): boolean | undefined; set(on: boolean): Promise<void> }
}

/** What the tray shows. */
export function viewState(parts: StateParts): StateView {
  const { version, startedAt, url, store, providers, openExchanges, advice, pause, exposure } = parts
  const { config, found, problems } = store.current()
  const active = activeGroup(config).id
  return {
    version,
    url: url(),
    startedAt,
    activeGroup: active,
    groups: routingGroups(config).map(({ id, label, routing }) => ({
      id,
      label,
      active: id === active,
      targets: targetsOf(routing),
    })),
    providers: providers(),
    openExchanges: openExchanges(),
    paused: pause.on(),
    exposed: exposure.current(),
    startsAtLogin: parts.startAtLogin.on(),
    discovered: found,
    problems: [...problems, ...advice().map((one) => ({ ...one, advice: true as const }))],
  }
}

function targetsOf(routing: Routing): string[] {
  const pools = Object.values(routing).flat()
  return [...new Set(pools.flatMap((pool) => pool.targets.map((entry) => targetOf(entry).target)))]
}
