import type { ConfigStore } from '../config/store.ts'
import type { Explanation } from '../model/decision.ts'
import { type AccountParts, accountCalls } from './account-calls.ts'
import { type ClientKeyParts, clientKeyCalls } from './client-key-calls.ts'
import { type ConfigParts, configCalls } from './config-calls.ts'
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
import { badInput, ControlError } from './control-error.ts'
import { type ExchangeParts, exchangeCalls } from './exchange-calls.ts'
import { type ExposureParts, exposureCalls } from './exposure-calls.ts'
import { type HealthParts, healthCalls } from './health-calls.ts'
import { type ImportParts, importCalls } from './import-calls.ts'
import { type SearchParts, searchCalls } from './search-calls.ts'
import { type SecretParts, secretCalls } from './secret-calls.ts'
import { type StateParts, viewState } from './state.ts'

/** What the calls are made of; gateway-control-parts.ts hands it over. */
export interface ControlParts
  extends StateParts,
    HealthParts,
    ExchangeParts,
    SecretParts,
    AccountParts,
    ImportParts,
    SearchParts,
    ClientKeyParts,
    ConfigParts,
    ExposureParts {
  exposure: StateParts['exposure'] & ExposureParts['exposure']
  store: ConfigStore
  explain(request: CheckedInputOf<'explainRoute'>): Explanation
  listTargets(config: string | undefined): TargetView[]
  profiles(): ProfileView[]
  examine(signal: AbortSignal): Promise<Finding[]>
  /** Each undefined when there is no such provider. */
  testProvider(provider: string, signal: AbortSignal): Promise<TestStep[]> | undefined
  discoverModels(provider: string): Promise<readonly ModelView[]> | undefined
  /** As one text. `window` is what the one who asks says of itself. */
  diagnostics(window: string | undefined): Promise<string>
  clients: Record<CheckedInputOf<'previewClient'>['client'], ConnectedClient>
}

export interface ConnectedClient {
  preview(): Promise<{ files: FileChange[]; warnings: string[] }>
  connect(): Promise<{ files: FileChange[]; warnings: string[] }>
  terminal(): Promise<string | undefined>
  openTerminal(): Promise<{ terminal: string; ownSettings: boolean }>
  disconnect(): Promise<{ files: FileChange[]; left: { path: string; key: string }[] }>
}

export function createHandlers(parts: ControlParts): Handlers {
  return {
    getState: () => viewState(parts),
    setPaused({ paused }) {
      parts.pause.set(paused)
      return { paused }
    },
    async setStartAtLogin({ on }) {
      if (parts.startAtLogin.on() === undefined) {
        throw new ControlError('refused', 'Only the installed desktop app can start when you log in.')
      }
      await parts.startAtLogin.set(on)
      return { startsAtLogin: parts.startAtLogin.on() ?? on }
    },
    ...exposureCalls(parts),
    ...clientKeyCalls(parts),
    ...configCalls(parts),
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
    getDiagnostics: async ({ window }) => ({ text: await parts.diagnostics(window) }),
    previewClient: ({ client }) => parts.clients[client].preview(),
    connectClient: ({ client }) => parts.clients[client].connect(),
    findTerminal: async () => ({ terminal: (await parts.clients['gemini-cli'].terminal()) ?? null }),
    openTerminal: ({ client }) => parts.clients[client].openTerminal(),
    disconnectClient: ({ client }) => parts.clients[client].disconnect(),
  }
}

function noProvider(provider: string): never {
  throw badInput('provider', `There is no provider ${provider} in the config.`)
}
