import { z } from 'zod'
import type { ConfigVersion } from '../config/history.ts'
import type { OAuthSettings } from '../config/oauth-settings.ts'
import type { Problem } from '../config/problem.ts'
import type { Config } from '../config/schema.ts'
import type { ServiceProfile } from '../config/service-profile-schema.ts'
import type { Explanation } from '../model/decision.ts'
import type { ErrorKind } from '../model/error.ts'
import type { QuotaBucket } from '../model/quota.ts'
import type { Target } from '../model/target.ts'
import { cursorPattern } from '../observe/exchange-filter.ts'
import type { ExchangePage } from '../observe/exchange-history.ts'
import type { ExchangeSummary, ExchangeView } from '../observe/exchange-view.ts'
import type { UsageRow } from '../observe/usage.ts'
import { type EngineState, recencies, type SearchOutcome } from '../web-search/engine.ts'
import type { AccountView, ClientKeyView, Importable, LoginView } from './account-views.ts'

/**
 * What the window, the tray and scripts may ask: each call with its input's schema and its answer's type, and what
 * is pushed without being asked. Every binding loops over it; a call without a handler does not compile.
 */

/** A call: what goes in is checked against `input`, what comes out is `Answer`. */
interface Call<Input extends z.ZodType, Answer> {
  input: Input
  /** Carries a type and nothing else. */
  answer?: Answer
}

const answers =
  <Answer>() =>
  <Input extends z.ZodType>(input: Input): Call<Input, Answer> => ({ input })

const name = z.string().min(1).max(500)
/** What follows `keychain:` in the config. */
const secretName = z.string().min(1).max(200).regex(/^\S+$/, 'has no spaces')
const accountName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'is no name of an account')
const accountIdField = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9][A-Za-z0-9_-]*$/, 'is written provider/alias')
const keyName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^(?!__proto__$)\P{C}+$/u, 'is one line of text')
const nothing = z.strictObject({})
const client = z.enum(['gemini-cli'])

const filter = z.strictObject({
  target: name.optional(),
  route: name.optional(),
  error: z.union([z.boolean(), name]).optional(),
  text: z.string().max(500).optional(),
})

const path = z
  .array(z.union([name, z.int().min(0)]))
  .min(1)
  .max(20)
const change = z.union([
  /** Put there; what has no such place yet gets one. */
  z.strictObject({ path, value: z.json() }),
  /** Moved to this place of its own list. */
  z.strictObject({ path, to: z.int().min(0) }),
  /** Taken out. */
  z.strictObject({ path }),
])

export const contract = {
  // the whole
  getState: answers<StateView>()(nothing),
  /** Refused where `startsAtLogin` is not told. */
  setStartAtLogin: answers<{ startsAtLogin: boolean }>()(z.strictObject({ on: z.boolean() })),
  setPaused: answers<{ paused: boolean }>()(z.strictObject({ paused: z.boolean() })),

  /** Opens the data port to the local network too; by itself it closes again. A second time moves the end. */
  exposeToNetwork: answers<ExposureView>()(z.strictObject({ minutes: z.int().min(1).max(480) })),
  /** Closes it now. */
  hideFromNetwork: answers<Record<string, never>>()(nothing),

  /** What a program needs to be let in at the data port; null where no key is asked for. */
  getClientKey: answers<{ clientKey: string | null }>()(nothing),
  /** The one above first, by the name `default`. */
  listClientKeys: answers<{ keys: ClientKeyView[] }>()(nothing),
  /** `key` is told here and never again. */
  createClientKey: answers<{ name: string; key: string }>()(z.strictObject({ name: keyName })),
  /** Counts from the next request; what is under way goes on. */
  revokeClientKey: answers<{ name: string }>()(z.strictObject({ name: keyName })),

  // the config
  getConfig: answers<ConfigView>()(nothing),
  validateConfig: answers<{ problems: Problem[] }>()(z.strictObject({ text: z.string() })),
  /** A text with changes made in it, its comments kept; saves nothing. `value` where nothing is wrong with it. */
  draftConfig: answers<{ text: string; problems: Problem[]; value?: Config }>()(
    z.strictObject({ text: z.string(), changes: z.array(change).max(1000) }),
  ),
  saveConfig: answers<{ revision: string }>()(z.strictObject({ text: z.string(), revision: name })),
  setActiveGroup: answers<{ activeGroup: string; revision: string }>()(z.strictObject({ group: name })),
  setProviderEnabled: answers<{ provider: string; enabled: boolean; revision: string }>()(
    z.strictObject({ provider: name, enabled: z.boolean() }),
  ),

  /** The text without secrets, to be shown to others; `hidden` values are `***`. */
  exportConfig: answers<{ text: string; hidden: number }>()(nothing),
  listConfigVersions: answers<{ versions: ConfigVersion[] }>()(nothing),
  /** To be looked at, and saved like any other text. */
  getConfigVersion: answers<{ id: string; text: string }>()(z.strictObject({ id: name })),

  /** For a bug report, as JSON to read: versions, config, health, the last log lines and exchanges. No body, no secret. */
  getDiagnostics: answers<{ text: string }>()(z.strictObject({ window: z.string().max(1000).optional() })),

  // health
  getHealth: answers<HealthView>()(nothing),
  resetHealth: answers<HealthView>()(
    z
      .strictObject({ target: name.optional(), credential: name.optional() })
      .refine(({ target, credential }) => target === undefined || credential === undefined, {
        path: ['credential'],
        message: 'name a target or a credential, not both',
      }),
  ),
  probeTarget: answers<Probed>()(z.strictObject({ target: name })),

  // routing
  explainRoute: answers<Explanation>()(
    z.strictObject({
      path: z.string().startsWith('/').max(2000),
      /** The request's body: as JSON, or as the text that would be sent. */
      body: z.union([z.record(z.string(), z.unknown()), z.string()]),
      headers: z.record(z.string(), z.string()).optional(),
      /** A config that need not be saved; left out, the one in force decides. */
      config: z.string().optional(),
      /** Taken for the size of the input, instead of counting it. */
      tokens: z.int().min(0).max(100_000_000).optional(),
    }),
  ),
  /** Each model the config lists, with its window; `config` as above. */
  listTargets: answers<{ targets: TargetView[] }>()(z.strictObject({ config: z.string().optional() })),

  // exchanges
  listExchanges: answers<ExchangePage>()(
    z.strictObject({
      limit: z.int().min(1).max(500).default(50),
      before: z.string().regex(cursorPattern, 'is not what `next` said').optional(),
      filter: filter.default({}),
    }),
  ),
  getExchange: answers<ExchangeDetail>()(z.strictObject({ id: name })),
  replayExchange: answers<{ id: string; exchange: ExchangeView }>()(z.strictObject({ id: name, target: name })),
  getUsage: answers<{ rows: UsageRow[] }>()(
    z.strictObject({
      /** Since the epoch, in milliseconds. */
      since: z.int().min(0).optional(),
      by: z.array(z.enum(['target', 'route', 'hour'])).default(['target', 'route', 'hour']),
    }),
  ),

  /** One small real request for this model, the whole way of a client's; answers when it has ended. */
  sayHello: answers<{ id: string; exchange: ExchangeView }>()(z.strictObject({ model: name })),

  // providers
  listProfiles: answers<{ profiles: ProfileView[] }>()(nothing),
  /** All that could stop a user, each in words: config, port, keychain, routing, every provider. */
  examine: answers<{ findings: Finding[] }>()(nothing),
  testProvider: answers<{ steps: TestStep[] }>()(z.strictObject({ provider: name })),
  discoverModels: answers<{ models: readonly ModelView[] }>()(z.strictObject({ provider: name })),

  // web search
  listEngines: answers<{ engines: EngineState[] }>()(nothing),
  /** One search now, as a model's would be; the engines after the one asked follow when it fails. */
  testSearch: answers<SearchOutcome>()(
    z.strictObject({
      query: z.string().trim().min(1).max(2000),
      engine: name.optional(),
      recency: z.enum(recencies).optional(),
      count: z.int().min(1).max(50).optional(),
    }),
  ),

  // secrets
  listSecrets: answers<{ names: { name: string; usedBy: string[] }[] }>()(nothing),
  setSecret: answers<{ name: string; kept: 'keychain' | 'this run'; usedBy: string[]; words: string }>()(
    z.strictObject({ name: secretName, value: z.string().min(1).max(100_000) }),
  ),
  deleteSecret: answers<{ name: string; usedBy: string[]; words: string }>()(z.strictObject({ name: secretName })),

  // accounts
  listAccounts: answers<{ accounts: AccountView[] }>()(nothing),
  /** Asks the service now, once for all who wait; null where it does not report what is left. */
  getQuota: answers<{ buckets: QuotaBucket[] | null }>()(z.strictObject({ account: accountIdField })),
  /** Opens nothing: the caller shows `url` and, with a device, `userCode`; how it ended is told by the push `account`. */
  beginLogin: answers<LoginView>()(z.strictObject({ provider: name, alias: accountName.default('default') })),
  /** With the address the browser showed, where it could not come back by itself. */
  completeLogin: answers<{ account: AccountView }>()(
    z.strictObject({ id: name, redirectUrl: z.string().min(1).max(10_000) }),
  ),
  cancelLogin: answers<{ id: string }>()(z.strictObject({ id: name })),
  logout: answers<{ account: string; revoked: boolean; words: string }>()(z.strictObject({ account: accountIdField })),

  /** Logins and keys other programs and the environment hold; nothing of worth is shown. */
  previewImport: answers<{ found: Importable[] }>()(nothing),
  /** A login becomes an account of `provider`, a key the secret `secret`. What it comes from is not changed. */
  importCredential: answers<{ id: string; account?: string; secret?: string; words: string }>()(
    z.strictObject({
      id: name,
      provider: name.optional(),
      alias: accountName.default('default'),
      secret: secretName.optional(),
    }),
  ),

  // clients
  previewClient: answers<{ files: FileChange[]; warnings: string[] }>()(z.strictObject({ client })),
  connectClient: answers<{ files: FileChange[]; warnings: string[] }>()(z.strictObject({ client })),
  /** The terminal `openTerminal` would open on this computer; null where there is none. */
  findTerminal: answers<{ terminal: string | null }>()(nothing),
  /** Opens one in which the client runs on this gateway, changing no file. `ownSettings`: with the user's own settings. */
  openTerminal: answers<{ terminal: string; ownSettings: boolean }>()(z.strictObject({ client })),
  disconnectClient: answers<{ files: FileChange[]; left: { path: string; key: string }[] }>()(
    z.strictObject({ client }),
  ),
}

export type { AccountView }

export type Contract = typeof contract
export type CallName = keyof Contract
/** What a caller writes; defaults may be left out. */
export type InputOf<Name extends CallName> = z.input<Contract[Name]['input']>
/** What a handler is given. */
export type CheckedInputOf<Name extends CallName> = z.output<Contract[Name]['input']>
export type AnswerOf<Name extends CallName> = NonNullable<Contract[Name]['answer']>

/** One handler for each call; the signal ends with the caller. */
export type Handlers = {
  [Name in CallName]: (input: CheckedInputOf<Name>, signal: AbortSignal) => AnswerOf<Name> | Promise<AnswerOf<Name>>
}

/** What is told without being asked. */
export interface Pushes {
  state: StateView
  health: HealthView
  exchange: { type: 'started' | 'attempt' | 'ended'; exchange: ExchangeSummary } | { type: 'missed'; count: number }
  config: { revision: string; path: string; problems: readonly Problem[] }
  /** It stands otherwise than when it was last told. */
  account: AccountView
  /** A provider is being tested: what it has passed so far. */
  test: ProviderTest
}
export type PushName = keyof Pushes

export interface StateView {
  version: string
  /** Where clients reach the gateway. */
  url: string
  startedAt: number
  activeGroup: string
  /** `targets` as the config writes them, in all routes together. */
  groups: { id: string; label: string; active: boolean; targets: string[] }[]
  providers: ProviderView[]
  openExchanges: number
  /** Clients get an error until somebody resumes. */
  paused: boolean
  /** Only in the installed desktop app. */
  startsAtLogin?: boolean
  /** Only while the local network may reach the data port. */
  exposed?: ExposureView
  /** What a start without a config file was made from. */
  discovered: readonly { provider: string; because: string }[]
  /** Of the config file as it is now, with which the last good one stays in force; and `advice`, which is in force. */
  problems: readonly (Problem & { advice?: true })[]
}

export interface ExposureView {
  /** Since the epoch: then it closes by itself. */
  until: number
  /** Where the network reaches it. */
  urls: string[]
}

export interface ProviderView {
  id: string
  name: string
  profile: string
  protocol: string
  baseUrl: string
  enabled: boolean
  /** How one signs in there, where one can. */
  login?: SignInView
  /** Credentials whose secret was not there when it was last wanted, each in words. */
  noCredential: { alias: string; because: string }[]
}

export interface ConfigView {
  /** The file as it is, also when it is wrong: what an editor shows and saves. */
  text: string
  /** What is in force. */
  value: Config
  revision: string
  path: string
  source: 'file' | 'environment'
  problems: readonly Problem[]
}

export interface HealthView {
  targets: ({ target: string } & HealthOf)[]
  credentials: ({ credential: string } & HealthOf)[]
}

export interface HealthOf {
  state: 'healthy' | 'cooling' | 'tripped'
  /** Since the epoch; `until` is 0 when nothing is waited for. */
  since: number
  until: number
  failure?: { kind: ErrorKind; message: string; providerStatus?: number; providerCode?: string }
  /** Who named the wait. */
  waitFrom?: string
}

export type Probed =
  | { target: string; ok: true; ms: number }
  | { target: string; ok: false; failure: { kind: ErrorKind; message: string } }

/** `bodies` only where they are recorded. */
export type ExchangeDetail = ExchangeView & { bodies?: { request: string; answer: string } }

export interface Finding {
  /** `config`, `port`, `keychain`, `routing`, `provider NAME` or `engine NAME`. */
  about: string
  ok: boolean
  words: string
  /** Of a provider that was asked. */
  steps?: readonly TestStep[]
}

export interface ProviderTest {
  provider: string
  steps: readonly TestStep[]
}

export interface TestStep {
  name: 'address' | 'proxy' | 'dns' | 'connection' | 'tls' | 'account' | 'project' | 'key' | 'model'
  ok: boolean
  words: string
}

export interface ModelView {
  id: string
  maxContextTokens?: number
  maxOutputTokens?: number
  from: string
}

export type TargetView = Pick<
  Target,
  'id' | 'provider' | 'credential' | 'model' | 'maxContextTokens' | 'limitFrom' | 'maxOutputTokens'
>

/** How one signs in at a provider, and on whose terms. */
export interface SignInView extends Pick<OAuthSettings, 'flow' | 'client' | 'status'> {
  /** What keeps a login from beginning, and what to do. */
  hurdle?: string
}

/** A service one can have a provider of. */
export type ProfileView = Pick<ServiceProfile, 'id' | 'name' | 'type' | 'status' | 'baseUrl' | 'auth'> & {
  /** Of its login alone, where that stands otherwise than the service. */
  login?: ServiceProfile['status']
}

export interface FileChange {
  path: string
  /** Secrets are hidden. */
  diff: string
  backup?: string
  removed?: boolean
}
