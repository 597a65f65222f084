import type { ConfigStore } from '../config/store.ts'
import type { Explanation } from '../model/decision.ts'
import { type AccountParts, accountCalls } from './account-calls.ts'
import { configCalls } from './config-calls.ts'
import type {
  CheckedInputOf,
  FileChange,
  Finding,
  Handlers,
  ModelView,
  ProfileView,
  TargetView,
  TestStep,
} from './contract.ts'
import { badInput } from './control-error.ts'
import { type ExchangeParts, exchangeCalls } from './exchange-calls.ts'
import { type HealthParts, healthCalls } from './health-calls.ts'
import { type ImportParts, importCalls } from './import-calls.ts'
import { type SearchParts, searchCalls } from './search-calls.ts'
import { type SecretParts, secretCalls } from './secret-calls.ts'
import { type StateParts, viewState } from './state.ts'

/** What the calls are made of; gateway-control.ts hands it over. */
export interface ControlParts
  extends StateParts,
    HealthParts,
    ExchangeParts,
    SecretParts,
    AccountParts,
    ImportParts,
    SearchParts {
  store: ConfigStore
  clientKey(): string | null
  explain(request: CheckedInputOf<'explainRoute'>): Explanation
  listTargets(config: string | undefined): TargetView[]
  profiles(): ProfileView[]
  examine(signal: AbortSignal): Promise<Finding[]>
  /** Each undefined when there is no such provider. */
  testProvider(provider: string, signal: AbortSignal): Promise<TestStep[]> | undefined
  discoverModels(provider: string): Promise<readonly ModelView[]> | undefined
  clients: Record<CheckedInputOf<'previewClient'>['client'], ConnectedClient>
}

export interface ConnectedClient {
  preview(): Promise<{ files: FileChange[]; warnings: string[] }>
  connect(): Promise<{ files: FileChange[]; warnings: string[] }>
  disconnect(): Promise<{ files: FileChange[]; left: { path: string; key: string }[] }>
}

export function createHandlers(parts: ControlParts): Handlers {
  return {
    getState: () => viewState(parts),
    setPaused({ paused }) {
      parts.pause.set(paused)
      return { paused }
    },
    getClientKey: () => ({ clientKey: parts.clientKey() }),
    ...configCalls(parts.store),
    ...healthCalls(parts),
    explainRoute: (request) => parts.explain(request),
    listTargets: ({ config }) => ({ targets: parts.listTargets(config) }),
    listProfiles: () => ({ profiles: parts.profiles() }),
    ...exchangeCalls(parts),
    ...secretCalls(parts),
    ...accountCalls(parts),
    ...importCalls(parts),
    async examine(_, signal) {
      return { findings: await parts.examine(signal) }
    },
    ...searchCalls(parts),
    async testProvider({ provider }, signal) {
      return { steps: (await parts.testProvider(provider, signal)) ?? noProvider(provider) }
    },
    async discoverModels({ provider }) {
      return { models: (await parts.discoverModels(provider)) ?? noProvider(provider) }
    },
    previewClient: ({ client }) => parts.clients[client].preview(),
    connectClient: ({ client }) => parts.clients[client].connect(),
    disconnectClient: ({ client }) => parts.clients[client].disconnect(),
  }
}

function noProvider(provider: string): never {
  throw badInput('provider', `There is no provider ${provider} in the config.`)
}
