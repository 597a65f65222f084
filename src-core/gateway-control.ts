import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
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
import { createCalls } from './control/calls.ts'
import { exportOf } from './control/config-calls.ts'
import type { Probed, ProfileView, ProviderTest, ProviderView, TargetView, TestStep } from './control/contract.ts'
import { badInput, ControlError } from './control/control-error.ts'
import { diagnosticsOf } from './control/diagnostics.ts'
import { createEventStreams } from './control/event-streams.ts'
import { examine } from './control/examine.ts'
import { type ConnectedClient, type ControlParts, createHandlers } from './control/handlers.ts'
import { viewHealth } from './control/health-calls.ts'
import { createControlServer } from './control/http.ts'
import { createPushHub, type PushHub } from './control/push-hub.ts'
import { startPushes } from './control/pushes.ts'
import { viewSignIn } from './control/sign-in-view.ts'
import { viewState } from './control/state.ts'
import { createWindowFiles } from './control/window-files.ts'
import type { ExplainRoute } from './explain-route.ts'
import type { Exposure } from './exposure.ts'
import type { WebSearch } from './gateway-search.ts'
import { bind, PortError } from './http/bind.ts'
import { createDrain } from './http/drain.ts'
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

/** The contract's calls and pushes without a port, for whoever runs in this process. */
export interface InProcessControl {
  /** Never rejects: the answer, or `{"error": …}` with its status as the control port would send them, as JSON. */
  call(
    name: string,
    input: unknown,
    signal: AbortSignal,
  ): Promise<{ answer: string } | { status: number; refusal: string }>
  subscribe: PushHub['subscribe']
}

export interface Control extends InProcessControl {
  /** What every caller must show; new at each start. */
  token: string
  /** `beside` this data port, or wherever there is room. Throws a PortError when a port asked for is taken. */
  listen(port: number | 'beside', dataPort: number): Promise<void>
  /** With the token in it; undefined while it does not listen. */
  url(): string | undefined
  listening(): { host: string; port: number }[]
  close(): Promise<void>
}

const host = '127.0.0.1'
const advice = {
  port: 'Start with --control-port N, or with --no-control.',
  host: 'Start with --no-control.',
}
/** How long a call under way may go on at the end. */
const closeMs = 1000

/** Joins the control port to the gateway's parts: the other half of gateway.ts. */
export function createControl(gateway: GatewayForControl): Control {
  const { store, health, redactor, log, records } = gateway
  const token = randomBytes(24).toString('base64url')
  const tests = new Set<(test: ProviderTest) => void>()
  const tellTest = (test: ProviderTest): void => {
    for (const listener of tests) listener(test)
  }
  const parts: ControlParts = {
    ...controlParts(gateway, tellTest),
    diagnostics: (window) => diagnostics(gateway, parts, window),
  }
  const redact = redactor.text
  const pushes = createPushHub({
    redact: redactor.known,
    start: (push) =>
      startPushes(
        {
          state: () => viewState(parts),
          health: () => viewHealth(parts),
          accounts: gateway.accounts.view,
          onConfig: store.subscribe,
          onHealth: health.subscribe,
          onSwitch(listener) {
            const { pause, exposure, startAtLogin } = gateway
            const stops = [pause, exposure, startAtLogin].map(({ subscribe }) => subscribe(listener))
            return () => {
              for (const stop of stops) stop()
            }
          },
          onTest(listener) {
            tests.add(listener)
            return () => tests.delete(listener)
          },
          onAccount: gateway.accounts.subscribe,
          failed: (thrown) => log.error('accounts are not told', { error: thrown }),
          onExchange: records.exchanges.subscribe,
          redact,
        },
        push,
      ),
  })
  const events = createEventStreams({ firstListens: () => pushes.subscribe(events.push) })
  const calls = createCalls({
    handlers: createHandlers(parts),
    redact: redactor.known,
    failed: (call, thrown) => log.error('control call failed', { call, error: thrown }),
  })
  const server = createControlServer({
    calls,
    events,
    window: gateway.windowFolder === undefined ? undefined : createWindowFiles(gateway.windowFolder),
    token,
    host,
    bodyLimitBytes: () => store.current().config.gateway.bodyLimitMb * 1024 * 1024,
  })
  const drain = createDrain(server)
  let address: AddressInfo | undefined
  return {
    token,
    async call(name, input, signal) {
      try {
        return { answer: await calls.answer(name, input, signal) }
      } catch (thrown) {
        const { status, json } = calls.refuse(name, thrown)
        return { status, refusal: json }
      }
    },
    subscribe: pushes.subscribe,
    async listen(port, dataPort) {
      const wanted = port === 'beside' ? (dataPort % 65_535) + 1 : port
      address = await bind(server, host, wanted, advice).catch((thrown) => {
        if (port !== 'beside' || !(thrown instanceof PortError)) throw thrown
        log.info('the control port is taken, another free one serves', { taken: wanted })
        return bind(server, host, 0, advice)
      })
    },
    url: () => address && `http://${host}:${address.port}/?token=${token}`,
    listening: () => (address ? [{ host, port: address.port }] : []),
    async close() {
      events.close()
      await drain(closeMs)
    },
  }
}

function controlParts(
  gateway: GatewayForControl,
  tellTest: (test: ProviderTest) => void,
): Omit<ControlParts, 'diagnostics'> {
  const { store, routing, health, redactor, targetOf } = gateway
  const { exchanges, bodies, store: disk } = gateway.records
  const providers = () => routing.current().catalog.providers
  const redact = redactor.text

  /** The answer is nobody's; how it went stands in the record. */
  const send = (id: string, request: ModelRequest, signal: AbortSignal) =>
    readAll(gateway.generate(request, { signal, note() {} })).catch((thrown) => {
      gateway.log.debug('request from the control port failed', { id, because: GatewayError.from(thrown).message })
    })

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

  return {
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
  }
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
