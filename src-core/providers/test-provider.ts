import { GatewayError } from '../model/error.ts'
import type { Target } from '../model/target.ts'
import type { DiscoveredModel } from './discovery.ts'
import { type Environment, proxyFor } from './proxy.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import { failedStep } from './transport-error.ts'

type StepName = 'address' | 'proxy' | 'dns' | 'connection' | 'tls' | 'account' | 'project' | 'key' | 'model'

export interface Step {
  name: StepName
  ok: boolean
  words: string
}

export interface TestProviderOptions {
  env: Environment
  /** The service's own list; rejects with a verdict. Empty for one that has none. */
  discover(provider: ResolvedProvider): Promise<readonly DiscoveredModel[]>
  /** One cheap call. */
  probe(target: Target, signal: AbortSignal): Promise<{ ok: true; ms: number } | { ok: false; error: GatewayError }>
  /** What is known of the logins its credentials are: there, readable, in force; and the project they count for. */
  logins(provider: ResolvedProvider, signal: AbortSignal): Promise<readonly Step[]>
  /** What the config lists of this provider and may be called. */
  targetsOf(provider: ResolvedProvider): readonly Target[]
  /** Told of the steps that are passed while others are still to come. */
  passed(steps: readonly Step[]): void
}

/**
 * One provider, asked over the road a request would take: each step that was passed, and the one that was not, in
 * words. A list of models is asked for first, which costs nothing; where that proves no key, the first model is.
 */
export async function testProvider(
  provider: ResolvedProvider,
  options: TestProviderOptions,
  signal: AbortSignal,
): Promise<Step[]> {
  if (provider.builtIn) return [passed('address', `${provider.name} is built in; nothing leaves this machine.`)]
  const road = wayTo(provider, options.env)
  if (road.at(-1)?.ok === false) return road
  const address = road.filter(({ name }) => name === 'address')
  // these two need nobody's answer
  options.passed(road.filter(({ name }) => name === 'address' || name === 'proxy'))
  const logins = await options.logins(provider, signal)
  if (logins.some(({ ok }) => !ok)) return [...address, ...logins]
  if (provider.credentials.every(({ type }) => type === 'client')) return [...address, passed('key', callersOwn)]
  const way = [...road, ...logins]

  const models = await options.discover(provider).catch(verdict)
  if (models instanceof GatewayError && (!wasAnswered(models) || isAboutKey(models))) return upTo(way, models)

  const target = options.targetsOf(provider)[0]
  if (models instanceof GatewayError || models.length === 0) {
    if (!target)
      return [...way, failed('model', 'No model of it is in the config, and it lists none: add one to its models.')]
    if (models instanceof GatewayError) options.passed(way)
    const probed = await options.probe(target, signal)
    if (probed.ok) return [...way, accepted, passed('model', `${target.id} answered in ${Math.round(probed.ms)} ms.`)]
    const { error } = probed
    return wasAnswered(error) && !isAboutKey(error) ? [...way, accepted, failed('model', error)] : upTo(way, error)
  }
  return [...way, accepted, modelStep(options.targetsOf(provider), models)]
}

const callersOwn = 'Every caller brings a key or login of its own: only a request of such a caller can prove it.'

const passed = (name: StepName, words: string): Step => ({ name, ok: true, words })
const failed = (name: StepName, why: string | GatewayError): Step => ({
  name,
  ok: false,
  words: typeof why === 'string' ? why : why.message,
})
const accepted = passed('key', 'The credential was accepted.')

const verdict = (thrown: unknown): GatewayError => GatewayError.from(thrown)

/** The steps there are on this provider's way, as they read when all is well. */
function wayTo(provider: ResolvedProvider, env: Environment): Step[] {
  if (!URL.canParse(provider.baseUrl)) return [failed('address', 'It has no baseUrl: add it to the config.')]
  const url = new URL(provider.baseUrl)
  const steps = [passed('address', url.origin)]
  try {
    const proxy = proxyFor(url, env)
    steps.push(passed('proxy', proxy ? `Through the proxy ${proxy.host}.` : 'None; the direct road.'))
    const host = (proxy ?? url).hostname
    if (!isAddress(host)) steps.push(passed('dns', `The name of ${host} is known.`))
  } catch (thrown) {
    return [...steps, failed('proxy', verdict(thrown))]
  }
  steps.push(passed('connection', `${url.host} answers.`))
  if (url.protocol === 'https:') steps.push(passed('tls', 'Its certificate is trusted.'))
  return steps
}

const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host)

/** The service itself spoke; anything else failed before it. */
const wasAnswered = ({ providerStatus }: GatewayError): boolean => providerStatus !== undefined

function isAboutKey({ kind, consequence }: GatewayError): boolean {
  return kind === 'no-credential' || consequence.scope === 'credential'
}

/** The way as far as it went. Without a credential nothing was sent. */
function upTo(way: readonly Step[], error: GatewayError): Step[] {
  if (error.kind === 'no-credential') return [...way.filter(({ name }) => name === 'address'), failed('key', error)]
  if (isAboutKey(error)) return [...way, failed('key', error)]
  const at = failedStep(error)
  const place = way.findIndex(({ name }) => name === at)
  const before = way.slice(0, place < 0 ? way.length : place)
  return [...before, failed(at, error)]
}

function modelStep(targets: readonly Target[], models: readonly DiscoveredModel[]): Step {
  const known = new Set(models.flatMap(({ id }) => [id, id.replace(/^models\//, '').replace(/:latest$/, '')]))
  const missing = [...new Set(targets.map(({ model }) => model))].filter((model) => !known.has(model))
  if (missing.length === 0)
    return passed('model', `It has ${models.length} ${models.length === 1 ? 'model' : 'models'}.`)
  const names = models.slice(0, 8).map(({ id }) => id)
  const more = models.length > names.length ? ` and ${models.length - names.length} more` : ''
  return failed('model', `It does not list ${missing.join(', ')}. Its models: ${names.join(', ')}${more}.`)
}
