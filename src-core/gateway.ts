import { randomBytes } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { type ClientKey, createClientKey } from './auth/client-key.ts'
import { createClientKeys } from './auth/client-keys.ts'
import { createCredentials } from './auth/credentials.ts'
import { createInstalledGeminiCli } from './auth/installed-gemini-cli.ts'
import type { Keychain } from './auth/keychain.ts'
import { createAccountProjects } from './auth/oauth/account-project.ts'
import { openAccounts } from './auth/open-accounts.ts'
import { openKeychain } from './auth/open-keychain.ts'
import { createSecretNames } from './auth/secret-names.ts'
import { createSecretStore } from './auth/secret-store.ts'
import { createSecretReader } from './auth/secrets.ts'
import { withRouterVerdict } from './clients/router-verdict.ts'
import { forgetRunningGateway, writeRunningGateway } from './clients/running-gateway.ts'
import { createGeminiChatCodec } from './codecs/gemini-chat/index.ts'
import { createSignatureStore } from './codecs/gemini-chat/signatures.ts'
import { createOpenaiChatCodec } from './codecs/openai-chat/index.ts'
import { patchbayHome, pathsIn } from './config/paths.ts'
import { ConfigError, type Problem } from './config/problem.ts'
import { clientAuthProblem } from './config/references.ts'
import type { KeychainBackendName } from './config/schema.ts'
import { createConfigStore } from './config/store.ts'
import { usersOfSecret } from './config/views.ts'
import { createExplainRoute, type ExplainRoute } from './explain-route.ts'
import type { Control, InProcessControl } from './gateway-control.ts'
import { createDataPort } from './gateway-data-port.ts'
import { createWebSearch } from './gateway-search.ts'
import { createTargets } from './gateway-targets.ts'
import { bareRequest } from './model/bare-request.ts'
import { createLog, type Log, type LogLevel } from './observe/log.ts'
import { createRecords } from './observe/records.ts'
import { createRedactor } from './observe/redact.ts'
import { createPause } from './pause.ts'
import { createCallRaw } from './providers/call-raw.ts'
import { createCodeAssistProjects } from './providers/code-assist/projects.ts'
import { discoverModels } from './providers/discovery.ts'
import { fetchJsonOf } from './providers/fetch-json.ts'
import { providerTroubles } from './providers/provider-troubles.ts'
import { sleep } from './providers/retry.ts'
import { loadProfiles } from './providers/service-profile.ts'
import { createTransport } from './providers/transport.ts'
import { createWebFetch } from './providers/web-fetch.ts'
import { createRoutingState } from './routing-state.ts'
import { type Autostart, createStartAtLogin } from './start-at-login.ts'
import { keepHeapShortLived, optimizeEarly } from './v8-flags.ts'
import { version } from './version.ts'

export interface GatewayOptions {
  /** The config file the user named; undefined: the one in Patchbay's folder, else the environment. */
  configFile?: string
  /** Start in spite of a config with mistakes, on the last good version (ConfigError.lastGood says there is one). */
  lastGoodConfig?: boolean
  /** What the command line says instead of the config. */
  host?: string
  port?: number
  /** Left out: no control port. `beside`: the port after the data port, or any free one when that is taken. */
  controlPort?: number | 'beside'
  /** Wants `control`, for a window in this process; with or without a control port. */
  controlInProcess?: boolean
  /** The built window, for the control port to show; left out: scripts only. */
  windowFolder?: string
  env: Readonly<Record<string, string | undefined>>
  /** How Patchbay is started at login, where it can be. */
  autostart?: Autostart
  /** This computer's addresses in the local network; left out: all its private ones. */
  localAddresses?: () => string[]
}

export interface GatewayState {
  url: string
  /** With the token in it: whoever has it may steer the gateway. null without a control port. */
  controlUrl: string | null
  /** null only when the config asks for no key. */
  clientKey: string | null
  /** What a start without a config file was made from. */
  found: readonly { provider: string; because: string }[]
}

export interface Gateway {
  listen(): Promise<void>
  state(): GatewayState
  log: Log
  /** What the control port answers and pushes, for a window in this process that asked for it. */
  control: InProcessControl | undefined
  /** Where a request would go and why; works without listening. */
  explainRoute: ExplainRoute
  /** Stops accepting, lets open answers end for `drainMs` at most, and frees everything. */
  close(drainMs: number): Promise<void>
}

/** Makes the parts and joins them. Only this file and its halves know more than three rooms. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  keepHeapShortLived()
  const { env } = options
  const now = Date.now
  const around = { env, platform: process.platform, userHome: os.homedir() }
  const home = patchbayHome(around)
  const paths = pathsIn(home)

  const { profiles, problems } = await loadProfiles({ folder: paths.profiles })
  if (problems.length > 0) throw new ConfigError('invalid', problems)
  let opened: Promise<Keychain> | undefined
  let madeKey: Promise<ClientKey> | undefined
  const keychainBy = (backend: KeychainBackendName) => {
    opened ??= openKeychain(around, backend)
    return opened
  }
  const ownKey = (backend: KeychainBackendName) => {
    madeKey ??= keychainBy(backend).then((keychain) => createClientKey({ file: paths.clientKey, keychain }))
    return madeKey
  }
  let clientKey: ClientKey | undefined
  const clientKeys = await createClientKeys({
    first: () => clientKey,
    file: paths.clientKeys,
    now,
    failed: (thrown) => log.warn('the list of client keys', { because: words(thrown) }),
  })
  const store = await createConfigStore({
    file: options.configFile,
    home,
    env,
    now: () => new Date(),
    knownProfiles: profiles,
    // without a file nothing but the default has been chosen
    isClientKey: async (key) => (await ownKey('keyring')).accepts(key) || clientKeys.nameOf(key) !== undefined,
    watch: true,
    lastGood: options.lastGoodConfig,
  })
  const config = () => store.current().config
  const host = options.host ?? config().gateway.host
  const boundFor = config().gateway.port
  const open = clientAuthProblem(host, config().gateway.clientAuth.mode)
  if (open) throw new ConfigError('invalid', [open])
  let control: Control | undefined

  // reaching services
  const transport = createTransport({ env, caFile: env.PATCHBAY_CA_FILE })
  const { backend } = config().secrets
  const keychain = await keychainBy(backend)
  const secretStore = createSecretStore({
    keychain,
    names: createSecretNames(paths.secretNames),
    watch: paths.secretNames,
    now: () => new Date(),
    failed: (thrown) => log.warn('the names of the secrets are not read', { because: words(thrown) }),
  })
  const folder = path.dirname(store.current().path)
  const secrets = createSecretReader({ env, userHome: around.userHome, folder, keychain: secretStore })
  const userAgent = `Patchbay/${version}`
  const accounts = openAccounts({
    paths,
    keychain,
    secrets,
    fetch: createWebFetch(transport, userAgent),
    installedGeminiCli: createInstalledGeminiCli({ env, platform: around.platform }),
    providers: () => routing.current().catalog.providers,
    failed: () => health.list().credentials,
    restored: (credential) => health.reset({ credential }),
    log: () => log,
    now,
    sleep,
  })
  const credentials = createCredentials({ secrets, accounts: accounts.life })
  const redactor = createRedactor({
    known: () => [...secrets.inUse(), ...accounts.inUse(), ...clientKeys.known(), ...(control ? [control.token] : [])],
  })
  const log = createLog({
    level: logLevel(env.PATCHBAY_LOG),
    redactor,
    write: (lines) => process.stderr.write(lines),
    format: process.stderr.isTTY ? 'words' : 'json',
    now,
  })
  /** Bound where others can reach it: asks for a key whatever the config comes to say. */
  const isReachable = clientAuthProblem(host, 'none') !== undefined
  const asksForKey = () => isReachable || wantsKey()
  const wantsKey = () => config().gateway.clientAuth.mode === 'key'
  async function haveKey(): Promise<void> {
    if (clientKey !== undefined || !wantsKey()) return
    clientKey = await ownKey(backend)
    if (clientKey.warning) log.warn(clientKey.warning)
  }
  reportProblems(log, store.current().problems)
  store.subscribe(({ problems: found, path: file }) => {
    if (found.length > 0) return reportProblems(log, found)
    log.info('config in force', { file })
    reportProblems(log, advice())
    haveKey().catch((error: unknown) => log.error('no client key', { because: words(error) }))
    const { host: wanted, port } = config().gateway
    const moved = (!options.host && wanted !== host) || (options.port === undefined && port !== boundFor)
    if (config().secrets.backend !== backend) log.warn('secrets.backend counts from the next start', { using: backend })
    if (moved) log.warn('gateway.host and gateway.port count from the next start', { listening: url() })
  })

  const signatures = createSignatureStore({ now })
  const geminiChat = createGeminiChatCodec({ signatures })
  const codecs = { 'gemini-chat': geminiChat, 'openai-chat': createOpenaiChatCodec() }
  const sending = {
    credentials,
    transport,
    listening: () => [...dataPort.listening(), ...(control?.listening() ?? [])],
    userAgent,
    hop: randomBytes(6).toString('hex'),
    now,
    random: Math.random,
    sleep,
    provider: (id: string) => routing.current().catalog.provider(id),
    settings: () => config().virtualrouter,
  }
  const callRaw = createCallRaw(sending)
  const projects = createCodeAssistProjects({
    callRaw,
    env,
    sleep,
    kept: createAccountProjects(accounts.accounts),
    notKept: (account, thrown) =>
      log.warn('the project of an account is not kept', { account, because: words(thrown) }),
  })
  accounts.accounts.subscribe(projects.forget)
  const routing = createRoutingState({
    config: store.current,
    profiles,
    discover: (provider, signal) => discoverModels({ provider, fetchJson: fetchJsonOf(callRaw, provider), signal }),
    onDiscoveryFailure: (provider, failure) =>
      log.debug('discovery failed', { provider: provider.id, because: words(failure) }),
  })

  // choosing targets
  const listenerFailed = (thrown: unknown) => log.error('a listener failed', { error: thrown })
  const call = { ...sending, codecs, inProject: projects.inProject }
  const webSearch = createWebSearch({ store, routing, call, log, now, listenerFailed })
  const targets = await createTargets({
    stateFolder: paths.state,
    store,
    routing,
    call,
    webSearch,
    redactor,
    log,
    now,
    listenerFailed,
  })
  const { decide, health } = targets
  health.subscribe(accounts.healthChanged)
  secretStore.subscribe((names) => {
    for (const name of names) secrets.forget(`keychain:${name}`)
    for (const credential of names.flatMap((name) => usersOfSecret(config(), name))) health.reset({ credential })
    webSearch.forgive()
  })
  const file = path.join(paths.state, 'exchanges.db')
  const records = createRecords({ now, log, redactor, file, settings: config, listenerFailed })
  records.exchanges.subscribe(({ type, exchange: { target, decision, usage, webSearch: searched } }) => {
    // with a search in it the usage is that of several questions, and the estimate of one
    if (type === 'ended' && !searched?.searches.length)
      targets.learn({ target, estimatedTokens: decision?.estimate.tokens, usage })
  })
  const generate = records.around(withRouterVerdict(targets.generate))

  const explainRoute = createExplainRoute(codecs, targets.decideIf)

  const pause = createPause()
  /** Some target is listed, or any name would find one. */
  const hasTarget = () =>
    routing.current().catalog.targets.length > 0 || decide(bareRequest('any-model')).order.length > 0
  const notReady = () => (pause.on() ? 'paused' : hasTarget() ? undefined : 'no target can be selected')
  const advice = () => routing.current().catalog.providers.flatMap(providerTroubles)

  const dataPort = createDataPort({
    host,
    config,
    codecs,
    generate,
    targets,
    routing,
    callRaw,
    clientKeyName: clientKeys.nameOf,
    asksForKey,
    paused: pause.on,
    notReady,
    metrics: () => records.metrics.text() + webSearch.metrics(),
    log,
    now,
    localAddresses: options.localAddresses,
  })
  const { url } = dataPort
  const shownKey = () => (asksForKey() ? (clientKey?.key ?? null) : null)
  if (options.controlPort !== undefined || options.controlInProcess) {
    // loaded only where it is wanted: its schemas cost a start some milliseconds
    const { createControl } = await import('./gateway-control.ts')
    control = createControl({
      env,
      stateFolder: paths.state,
      windowFolder: options.windowFolder,
      host,
      port: options.port ?? config().gateway.port,
      listening: () => (dataPort.port() === undefined ? undefined : url()),
      notReady,
      advice,
      url,
      clientKey: shownKey,
      clientKeys,
      store,
      routing,
      health,
      profiles,
      probe: targets.probe,
      webSearch,
      targetOf: targets.byId,
      explainRoute,
      pause,
      exposure: dataPort.exposure,
      startAtLogin: createStartAtLogin(options.autostart, (thrown) =>
        log.warn('start at login is not known', { because: words(thrown) }),
      ),
      secretStore,
      accounts,
      projects,
      callRaw,
      missing: secrets.missing,
      resolve: async (reference) => secrets.resolve(reference),
      codecs,
      generate,
      nextId: dataPort.nextId,
      records,
      redactor,
      log,
    })
  }
  const gateway: Gateway = {
    log,
    control,
    explainRoute,
    async listen() {
      await haveKey()
      clientKeys.follow()
      await dataPort.bind(options.port ?? config().gateway.port)
      if (control && options.controlPort !== undefined) {
        await control.listen(options.controlPort, dataPort.port()!).catch(async (thrown) => {
          await gateway.close(0)
          throw thrown
        })
      }
      reportProblems(log, advice())
      await writeRunningGateway(paths.state, { url: url(), pid: process.pid }).catch((error: unknown) =>
        log.warn('the address could not be written down', { because: words(error) }),
      )
      setImmediate(() => void transport.warm())
      routing.startDiscovery()
      targets.startProbes()
      optimizeEarly()
    },
    state: () => ({
      url: url(),
      controlUrl: control?.url() ?? null,
      clientKey: shownKey(),
      found: store.current().found,
    }),
    async close(drainMs) {
      await Promise.all([dataPort.close(drainMs), control?.close()])
      const listened = dataPort.port() !== undefined
      if (listened) await forgetRunningGateway(paths.state)
      projects.close()
      routing.close()
      secretStore.close()
      accounts.close()
      keychain.close()
      await Promise.all([
        store.close(),
        clientKeys.close(),
        transport.close(),
        records.store.close(),
        targets.close({ keepHealth: listened }),
      ])
      log.flush()
    },
  }
  return gateway
}

const words = (failure: unknown): string => (failure instanceof Error ? failure.message : String(failure))

function logLevel(text: string | undefined): LogLevel {
  return text === 'debug' || text === 'warn' || text === 'error' ? text : 'info'
}

function reportProblems(log: Log, problems: readonly Problem[]): void {
  for (const { path: at, line, message, hint } of problems)
    log.warn('config problem', { path: at, line, problem: message, hint })
}
