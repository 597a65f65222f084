import os from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClientKeys } from './auth/client-keys.ts'
import { findCredentialFiles } from './auth/import/credential-files.ts'
import { findEnvironmentKeys } from './auth/import/environment-keys.ts'
import { accountId, accountParts } from './auth/oauth/account.ts'
import type { OpenAccounts } from './auth/open-accounts.ts'
import type { SecretStore } from './auth/secret-store.ts'
import { ConnectError } from './clients/connect-error.ts'
import { runningGateway } from './clients/running-gateway.ts'
import type { Codec } from './codecs/codec.ts'
import type { Problem } from './config/problem.ts'
import type { ServiceProfile } from './config/service-profile-schema.ts'
import type { ConfigStore } from './config/store.ts'
import { exportOf } from './control/config-calls.ts'
import type { Probed, ProfileView, ProviderTest, ProviderView, TargetView, TestStep } from './control/contract.ts'
import { badInput, ControlError } from './control/control-error.ts'
import { diagnosticsOf } from './control/diagnostics.ts'
import { examine } from './control/examine.ts'
import type { ConnectedClient, ControlParts } from './control/handlers.ts'
import { viewHealth } from './control/health-calls.ts'
import { viewSignIn } from './control/sign-in-view.ts'
import { viewState } from './control/state.ts'
import type { ExplainRoute } from './explain-route.ts'
import type { Exposure } from './exposure.ts'
import type { WebSearch } from './gateway-search.ts'
import { GatewayError } from './model/error.ts'
import { collect } from './model/flow.ts'
import type { Generate, ModelAnswer } from './model/generate.ts'
import type { ModelRequest, Protocol } from './model/request.ts'
import type { Target } from './model/target.ts'
import { createExchangeHistory } from './observe/exchange-history.ts'
import type { Log } from './observe/log.ts'
import type { Records } from './observe/records.ts'
import type { Redactor } from './observe/redact.ts'
import type { Pause } from './pause.ts'
import type { CallRaw } from './providers/call-raw.ts'
import { createAskQuota } from './providers/code-assist/ask-quota.ts'
import { type CodeAssistProjects, usualModel } from './providers/code-assist/projects.ts'
import { loginSteps } from './providers/login-steps.ts'
import { providerTroubles } from './providers/provider-troubles.ts'
import type { ResolvedProvider } from './providers/resolved-provider.ts'
import type { Profiles } from './providers/service-profile.ts'
import { testProvider } from './providers/test-provider.ts'
import type { Health } from './router/health.ts'
import type { Probe, ProbeResult } from './router/probe.ts'
import type { RoutingState } from './routing-state.ts'
import type { StartAtLogin } from './start-at-login.ts'
import { version } from './version.ts'

/** What of the gateway the control port asks and steers. */
export interface GatewayForControl {
  env: Readonly<Record<string, string | undefined>>
  stateFolder: string
  /** What this gateway is to bind, and where it does. */
  host: string
  port: number
  listening(): string | undefined
  /** What is missing for any request at all, in words. */
  notReady(): string | undefined
  /** What a config that is in force gets wrong all the same. */
  advice(): readonly Problem[]
  /** Where the built window lies. */
  windowFolder: string | undefined
  url(): string
  clientKey(): string | null
  clientKeys: ClientKeys
  store: ConfigStore
  routing: RoutingState
  profiles: Profiles
  health: Health
  probe: Probe
  webSearch: Pick<WebSearch, 'list' | 'search'>
  /** By its id, as long as it may be called. */
  targetOf(id: string): Target | undefined
  explainRoute: ExplainRoute
  pause: Pause
  exposure: Exposure
  startAtLogin: StartAtLogin
  secretStore: SecretStore
  accounts: OpenAccounts
  /** What was missing of a secret when it was last wanted. */
  missing(reference: string): string | undefined
  /** A secret's value; rejects with what is missing. */
  resolve(reference: string): Promise<string>
  projects: CodeAssistProjects
  callRaw: CallRaw
  codecs: Partial<Record<Protocol, Codec>>
  /** The whole way of a request, its record included. */
  generate: Generate
  nextId(): string
  records: Records
  redactor: Redactor
  log: Log
}

/** What the calls of the contract are answered with. `tellTest` hears of the steps a tested provider has passed. */
export function controlParts(gateway: GatewayForControl, tellTest: (test: ProviderTest) => void): ControlParts {
  const { store, routing, health, redactor, targetOf } = gateway
  const { exchanges, bodies, store: disk } = gateway.records
  const providers = () => routing.current().catalog.providers
  const redact = redactor.text

  /** The answer is nobody's; how it went stands in the record, which is whole at the end of the turn. */
  const send = (id: string, request: ModelRequest, signal: AbortSignal) =>
    readAll(gateway.generate(request, { signal, note() {} }))
      .catch((thrown) => {
        gateway.log.debug('request from the control port failed', { id, because: GatewayError.from(thrown).message })
      })
      .finally(() => nextTurn())

  /** Code Assist has no list of its models, and a config may let any name through. */
  const targetsOf = ({ id, envelope }: ResolvedProvider): readonly Target[] => {
    const { catalog } = routing.current()
    const listed = catalog.targets.filter((target) => target.provider === id)
    return listed.length > 0 || envelope !== 'code-assist' ? listed : catalog.expand(`${id}.${usualModel}`)
  }
  const askQuota = createAskQuota({ callRaw: gateway.callRaw, projects: gateway.projects, targetsOf })
  const test = (
    provider: ResolvedProvider,
    signal: AbortSignal,
    passed: (steps: readonly TestStep[]) => void = () => {},
  ) =>
    testProvider(
      provider,
      {
        env: gateway.env,
        probe: gateway.probe,
        discover: routing.discover,
        logins: (tested, ends) =>
          loginSteps(tested, { accounts: gateway.accounts, projects: gateway.projects, targetsOf }, ends),
        targetsOf,
        passed,
      },
      signal,
    )

  const troubleOf = (provider: ResolvedProvider): string | undefined => {
    const [first] = providerTroubles(provider)
    const closed = routing.current().catalog.closedBecause(provider.id)
    return first ? `${first.message}. ${first.hint}` : closed && `${closed}.`
  }

  /** Engines, after a look for the secrets of their own. */
  async function enginesLookedAt() {
    for (const { secret } of store.current().config.virtualrouter.webSearch.engines) {
      if (secret !== undefined) await gateway.resolve(secret).catch(() => undefined) // `missing` tells of it
    }
    return gateway.webSearch.list(gateway.missing)
  }

  const parts: ControlParts = {
    version,
    advice: gateway.advice,
    startedAt: Date.now(),
    url: gateway.url,
    store,
    redact,
    clientKey: gateway.clientKey,
    clientKeys: gateway.clientKeys,
    providers: () => providers().map((provider) => viewProvider(provider, gateway)),
    openExchanges: exchanges.open,
    pause: gateway.pause,
    exposure: gateway.exposure,
    startAtLogin: gateway.startAtLogin,

    health,
    targets: () => routing.current().catalog.targets.map(({ id }) => id),
    credentials: () => providers().flatMap(({ id, credentials }) => credentials.map(({ alias }) => `${id}[${alias}]`)),
    probe(id, signal) {
      const target = targetOf(id)
      return target && gateway.probe(target, signal).then((result) => probed(id, result))
    },

    explain: gateway.explainRoute,
    listTargets(text) {
      const { catalog } = text === undefined ? routing.current() : routing.of(store.read(text))
      return catalog.targets.map(viewTarget)
    },
    profiles: () => [...gateway.profiles.values()].map(viewProfile),
    secrets: gateway.secretStore,
    accounts: gateway.accounts,
    async quota(account, signal) {
      const { provider: id } = accountParts(account)
      const provider = routing.current().catalog.provider(id)
      if (!provider) throw badInput('account', `There is no provider ${id} in the config.`)
      return askQuota(account, provider, signal)
    },
    imports: {
      async find() {
        const { env, profiles } = gateway
        const profile = (id: string) => profiles.get(id)
        const files = await findCredentialFiles({ env, userHome: os.homedir(), profile, now: Date.now })
        return [...files, ...findEnvironmentKeys(env, (key) => key === gateway.clientKey())]
      },
      accounts: gateway.accounts.accounts,
      secrets: gateway.secretStore,
      provider: (id) => routing.current().catalog.provider(id),
      restored: (credential) => health.reset({ credential }),
    },

    history: createExchangeHistory({ memory: exchanges, disk, redact }),
    bodies,
    recording: () => store.current().config.gateway.recordBodies,
    async replay(recorded, target, signal) {
      const { expand, skippedBecause } = routing.current().view
      if (expand(target, '').length === 0) {
        const because = skippedBecause(target, '') ?? 'it is not configured'
        throw badInput('target', `${target} cannot be called: ${because}.`)
      }
      const id = gateway.nextId()
      const request = gateway.codecs[recorded.protocol]!.decodeRequest({ ...recorded, id, headers: {} })
      await send(id, { ...request, model: target }, signal)
      return id
    },
    async hello(model, signal) {
      const id = gateway.nextId()
      const wire = { id, protocol: 'openai-chat', envelope: 'none', path: '/v1/chat/completions', headers: {} } as const
      const body = Buffer.from(JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello.' }] }))
      await send(id, gateway.codecs['openai-chat']!.decodeRequest({ ...wire, body }), signal)
      return id
    },

    examine: (signal) =>
      examine(
        {
          config: store.current,
          host: gateway.host,
          port: gateway.port,
          listening: gateway.listening,
          running: () => runningGateway(gateway.stateFolder),
          keychain: gateway.secretStore.status,
          providers: () => providers().map((provider) => ({ ...provider, trouble: troubleOf(provider) })),
          test: (id, signal) => test(routing.current().catalog.provider(id)!, signal),
          engines: enginesLookedAt,
          notReady: gateway.notReady,
        },
        signal,
      ),
    testProvider(id, signal) {
      const provider = routing.current().catalog.provider(id)
      return provider && test(provider, signal, (steps) => tellTest({ provider: id, steps }))
    },
    discoverModels(id) {
      const provider = routing.current().catalog.provider(id)
      return provider && routing.discover(provider)
    },
    engines: () => gateway.webSearch.list(gateway.missing),
    search: (query, signal) => gateway.webSearch.search(query, { signal }),
    clients: { 'gemini-cli': geminiCli(gateway) },
    diagnostics: (window) => diagnostics(gateway, parts, window),
  }
  return parts
}

const exchangesInDiagnostics = 50

async function diagnostics(
  { store, redactor, log }: GatewayForControl,
  parts: ControlParts,
  window: string | undefined,
): Promise<string> {
  const { text, path, source, revision } = store.current()
  const { exchanges } = await parts.history.page({ limit: exchangesInDiagnostics, filter: {} })
  const rssMb = Math.round(process.memoryUsage.rss() / 1024 / 1024)
  const { platform, arch, versions } = process
  const found = diagnosticsOf({
    state: viewState(parts),
    health: viewHealth(parts),
    config: { path, source, revision },
    exchanges,
    log: log.recent(),
    process: { platform, arch, versions, rssMb },
    window,
    now: Date.now(),
  })
  const told = {
    ...(redactor.value(found) as object),
    // cleaned by its places, so that references can be seen
    configText: exportOf(text, redactor.text)?.text.split('\n') ?? 'not valid YAML',
  }
  // whose computer it is, is nobody's business either
  const home = JSON.stringify(os.homedir()).slice(1, -1)
  const json = JSON.stringify(told, undefined, 2)
  return home.length > 1 ? json.replaceAll(home, '~') : json
}

function viewProvider(provider: ResolvedProvider, { missing, accounts }: GatewayForControl): ProviderView {
  const { id, name, profile, protocol, baseUrl, enabled, credentials, oauth } = provider
  const noCredential = credentials.flatMap((credential) => {
    const { alias, type, secret } = credential
    const because = type === 'oauth' ? accounts.life.missing(accountId(id, credential)) : secret && missing(secret)
    return because ? [{ alias, because }] : []
  })
  return { id, name, profile, protocol, baseUrl, enabled, login: viewSignIn(id, oauth), noCredential }
}

function probed(target: string, result: ProbeResult): Probed {
  if (result.ok) return { target, ok: true, ms: result.ms }
  const { kind, message } = result.error
  return { target, ok: false, failure: { kind, message } }
}

function viewTarget(target: Target): TargetView {
  const { id, provider, credential, model, maxContextTokens, limitFrom, maxOutputTokens } = target
  return { id, provider, credential, model, maxContextTokens, limitFrom, maxOutputTokens }
}

function viewProfile({ id, name, type, status, baseUrl, auth, oauth }: ServiceProfile): ProfileView {
  return { id, name, type, status, baseUrl, auth, login: oauth?.status }
}

async function readAll(answer: Promise<ModelAnswer>): Promise<void> {
  const { rest } = await answer
  if (rest) await collect(rest)
}

/** Loaded when first asked for: a start needs none of it. */
function geminiCli({ env, stateFolder, url, clientKey, routing }: GatewayForControl): ConnectedClient {
  const place = {
    home: os.homedir(),
    stateFolder,
    environment: env,
    workingDirectory: os.homedir(),
    now: () => new Date(),
  }
  const options = () => ({
    ...place,
    gateway: { url: url(), clientKey: clientKey() },
    upstreams: routing.current().catalog.providers,
  })
  const client = () => import('./clients/gemini-cli.ts')
  const launch = () => import('./clients/launch-gemini-cli.ts')
  const { platform } = process
  return {
    preview: async () => inWords((await client()).previewGeminiCli(options())),
    connect: async () => inWords((await client()).connectGeminiCli(options())),
    terminal: async () => (await launch()).geminiCliTerminal({ platform, environment: env }),
    openTerminal: async () => inWords((await launch()).launchGeminiCli({ ...options(), platform })),
    disconnect: async () => inWords((await client()).disconnectGeminiCli(place)),
  }
}

async function inWords<Value>(doing: Promise<Value>): Promise<Value> {
  try {
    return await doing
  } catch (thrown) {
    throw thrown instanceof ConnectError ? new ControlError('refused', thrown.message, { cause: thrown }) : thrown
  }
}
