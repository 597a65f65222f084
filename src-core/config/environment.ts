import type { Probe } from './probe.ts'
import { ConfigError } from './problem.ts'
import { type Config, type ConfigInput, configSchema } from './schema.ts'

type Environment = Readonly<Record<string, string | undefined>>
type ProviderInput = NonNullable<NonNullable<ConfigInput['virtualrouter']>['providers']>[string]

/** A provider the environment offers, and what told us. `target` is what the default route would name. */
interface Offer {
  provider: string
  because: string
  settings: ProviderInput
  target?: string
}

export interface EnvironmentConfig {
  config: Config
  /** The same as a user would write it. */
  input: ConfigInput
  found: { provider: string; because: string }[]
}

const localServers = [
  { provider: 'ollama', name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { provider: 'lmstudio', name: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1' },
] as const

/** The config of a start without a file. Keys stay references; the first offer with a target serves the default route. */
export async function configFromEnvironment(from: {
  env: Environment
  probe: Probe
  /** Whether it is a client key of Patchbay's own, which clients of the Gemini family carry in `GEMINI_API_KEY`. */
  isClientKey?: (key: string) => Promise<boolean>
}): Promise<EnvironmentConfig> {
  const local = await Promise.all(localServers.map((server) => localServer(server, from.probe)))
  const offers = [litellm(from.env), azure(from.env), await gemini(from.env, from.isClientKey), ...local, demo].filter(
    (offer) => offer !== undefined,
  )
  const target = offers.find((offer) => offer.target !== undefined)!.target!
  const input: ConfigInput = {
    version: 1,
    virtualrouter: {
      providers: Object.fromEntries(offers.map(({ provider, settings }) => [provider, settings])),
      routing: { default: [{ targets: [target] }] },
    },
  }
  const found = offers.map(({ provider, because }) => ({ provider, because }))
  return { config: configSchema.parse(input), input, found }
}

function litellm(env: Environment): Offer | undefined {
  const proxy = address(env, 'LITELLM_PROXY_URL')
  if (!proxy) return undefined
  return {
    provider: 'litellm',
    because: 'LITELLM_PROXY_URL is set',
    settings: {
      profile: 'litellm',
      baseUrl: proxy.pathname === '/' ? `${proxy.origin}/v1` : withoutSlash(proxy.href),
      auth: env.LITELLM_API_KEY ? { type: 'apikey', secret: 'env:LITELLM_API_KEY' } : { type: 'none' },
      models: { '*': {} },
    },
    target: 'litellm.*',
  }
}

function azure(env: Environment): Offer | undefined {
  const named = env.AZURE_OPENAI_ENDPOINT ? 'AZURE_OPENAI_ENDPOINT' : 'AZURE_API_BASE'
  const endpoint = address(env, named)
  if (!endpoint || !env.AZURE_API_KEY) return undefined
  const apiVersion = env.AZURE_API_VERSION
  const deployment = env.AZURE_OPENAI_DEPLOYMENT
  return {
    provider: 'azure-openai',
    because: deployment
      ? `${named} and AZURE_API_KEY are set`
      : `${named} and AZURE_API_KEY are set; set AZURE_OPENAI_DEPLOYMENT too to have requests routed there`,
    settings: {
      profile: 'azure-openai',
      baseUrl: azureBase(endpoint, apiVersion !== undefined && apiVersion !== ''),
      ...(apiVersion ? { apiVersion } : {}),
      auth: { type: 'apikey', secret: 'env:AZURE_API_KEY' },
      models: { [deployment || '*']: {} },
    },
    ...(deployment ? { target: `azure-openai.${deployment}` } : {}),
  }
}

/** Whatever of Azure's address was set: the resource, `/openai` or `/openai/v1`. */
function azureBase(endpoint: URL, classic: boolean): string {
  const resource = withoutSlash(endpoint.origin + endpoint.pathname).replace(/\/openai(?:\/v1)?$/, '')
  return classic ? `${resource}/openai` : `${resource}/openai/v1`
}

async function gemini(
  env: Environment,
  isClientKey: (key: string) => Promise<boolean> = async () => false,
): Promise<Offer | undefined> {
  const key = env.GEMINI_API_KEY
  // A key of ours (of this gateway or another) is not Google's, and must not be sent there.
  if (!key || key.startsWith('pb-') || (await isClientKey(key))) return undefined
  return {
    provider: 'gemini',
    because: 'GEMINI_API_KEY is set',
    settings: {
      profile: 'gemini',
      auth: { type: 'apikey', secret: 'env:GEMINI_API_KEY' },
      models: { '*': {} },
    },
    target: 'gemini.*',
  }
}

async function localServer(server: (typeof localServers)[number], probe: Probe): Promise<Offer | undefined> {
  const models = await probe(`${server.baseUrl}/models`)
  if (!models) return undefined
  // its models carry names of their own, so the default route must name one
  const first = models.find((model) => /^\S+$/.test(model) && !/embed/i.test(model))
  return {
    provider: server.provider,
    because: `${server.name} answers at ${new URL(server.baseUrl).host}${first ? '' : ', but has no model yet'}`,
    settings: { profile: server.provider, baseUrl: server.baseUrl, auth: { type: 'none' }, models: { '*': {} } },
    ...(first ? { target: `${server.provider}.${first}` } : {}),
  }
}

const demo: Offer = {
  provider: 'demo',
  because: 'built in, no model behind it',
  settings: { profile: 'demo', models: { demo: {}, '*': {} } },
  target: 'demo.*',
}

function address(env: Environment, name: string): URL | undefined {
  const text = env[name]
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url
  const hint = `For example ${name}=http://127.0.0.1:4000. A key has a variable of its own.`
  throw new ConfigError('invalid', [
    { path: name, message: 'must be an http or https address without a password', hint },
  ])
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '')
}
