import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { modelThat } from '../helpers/scripted-model.ts'
import { type ProviderRequest, type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'
import { ask, type Client, clients, type Seen } from './clients.ts'
import type { Expectation, Expected, Fault, Service } from './fault.ts'
import { firstText, secondText } from './faults.ts'

/** One fault before one client, with or without a second target. */
export interface Scene {
  /** The model the client names, and the path of the first target's service. */
  id: string
  fault: Fault
  client: Client
  second: boolean
}

export interface Played extends Scene {
  seen: Seen
  /** Which target answered, or failed last, in the table's words. */
  by: string
  /** What is not as the table says. */
  problems: string[]
}

/**
 * Plays every fault before every client, all at once, against one gateway process. Each scene has a provider of its
 * own, so that no failure rests a target of another scene.
 */
export async function playFaults(faults: readonly Fault[]): Promise<Played[]> {
  const scenes = scenesOf(faults)
  await using service = await startScriptedProvider({ status: 500 })
  service.reply(scriptOf(scenes))
  await using gateway = await startGateway({
    config: configOf(scenes, service),
    env: { FIRST_KEY: 'first-key', OLD_KEY: 'old-key', SECOND_KEY: 'second-key' },
  })
  return await Promise.all(scenes.map((scene) => play(scene, gateway, service)))
}

function scenesOf(faults: readonly Fault[]): Scene[] {
  const scenes = faults.flatMap((fault) =>
    [false, true].flatMap((second) => clients.map((client) => ({ fault, client, second }))),
  )
  return scenes.map((scene, index) => ({ id: `scene-${index}`, ...scene }))
}

const secondAnswer = modelThat(() => ({ text: secondText }))

/** The second targets stand under `/second`, each first one under its scene's name. */
function scriptOf(scenes: readonly Scene[]) {
  const asked = new Map<string, number>()
  return (request: ProviderRequest) => {
    const place = request.path.split('/')[1]!
    if (place === 'second') return secondAnswer(request)
    const nth = (asked.get(place) ?? 0) + 1
    asked.set(place, nth)
    const { fault, client } = scenes.find(({ id }) => id === place)!
    return fault.answer!({ stream: client.stream, nth, key: String(request.headers.authorization) })
  }
}

const basePaths: Record<Service, string> = { openai: 'v1', 'azure-openai': 'openai/v1', gemini: 'v1beta' }

function configOf(scenes: readonly Scene[], { url }: ScriptedProvider) {
  const second = (profile: Service) => ({
    profile,
    baseUrl: `${url}/second/${basePaths[profile]}`,
    auth: { type: 'apikey', secret: 'env:SECOND_KEY' },
    models: { '*': {} },
    discovery: 'off',
  })
  const first = ({ id, fault }: Scene) => ({
    profile: fault.service,
    baseUrl: `${url}/${id}/${basePaths[fault.service]}`,
    auth: { type: 'apikey', secret: 'env:FIRST_KEY' },
    models: { 'the-model': {} },
    discovery: 'off',
    ...fault.provider,
  })
  const withSecond = scenes.filter((scene) => scene.second)
  return {
    version: 1,
    virtualrouter: {
      providers: {
        ...Object.fromEntries(scenes.map((scene) => [providerOf(scene), first(scene)])),
        'second-openai': second('openai'),
        'second-gemini': second('gemini'),
      },
      modelMapping: Object.fromEntries(
        scenes.map((scene) => [scene.id, scene.second ? `route:${scene.id}` : `${providerOf(scene)}.the-model`]),
      ),
      routing: {
        // an answer from here would be a silent substitute
        default: [{ targets: ['second-openai.nobody-asked-for-it'] }],
        ...Object.fromEntries(
          withSecond.map((scene) => [scene.id, [{ targets: [`${providerOf(scene)}.the-model`, secondOf(scene)] }]]),
        ),
      },
    },
  }
}

const providerOf = ({ id, fault }: Scene): string => id.replace('scene', fault.service)
/** A second target of the other protocol family: it can only answer when the request is built anew. */
const secondOf = (scene: Scene): string =>
  `second-${scene.fault.service === 'gemini' ? 'openai' : 'gemini'}.${secondModel(scene)}`
const secondModel = ({ id }: Scene): string => `${id}-second`

async function play(scene: Scene, gateway: GatewayProcess, service: ScriptedProvider): Promise<Played> {
  const seen = await ask(scene.client, scene.id, { url: gateway.url, key: gateway.clientKey! })
  const by = seen.target === secondOf(scene) ? 'second' : seen.target.startsWith(providerOf(scene)) ? 'first' : 'nobody'
  const played = { ...scene, seen, by }
  const wanted = expectedOf(scene.second ? scene.fault.withSecond : scene.fault.alone, scene.client)
  return { ...played, problems: problemsOf(played, wanted, callsOf(scene, service)) }
}

const expectedOf = (expectation: Expectation, client: Client): Expected =>
  typeof expectation === 'function' ? expectation(client) : expectation

/** The requests of this scene that arrived, at each target. */
function callsOf(
  scene: Scene,
  { requests }: ScriptedProvider,
): { first: ProviderRequest[]; second: ProviderRequest[] } {
  const first = requests.filter(({ path }) => path.startsWith(`/${scene.id}/`))
  const named = ({ path, body }: ProviderRequest) => `${path} ${body}`.includes(secondModel(scene))
  return { first, second: requests.filter(named) }
}

function problemsOf(played: Omit<Played, 'problems'>, wanted: Expected, calls: ReturnType<typeof callsOf>): string[] {
  const { seen, by, fault } = played
  const problems: string[] = []
  const check = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) problems.push(`${what}: ${String(found)}, not ${String(expected)}`)
  }
  check('end', seen.end, wanted.end)
  check('status', seen.status, wanted.status)
  if (wanted.calls > 0) check('target', by, wanted.by)
  check('attempts', seen.attempts, wanted.calls)
  if (!fault.unreachable) check('requests that arrived', calls.first.length + calls.second.length, wanted.calls)
  if (wanted.waitSeconds !== undefined) check('told wait', seen.waitSeconds, wanted.waitSeconds)
  if (wanted.words && !wanted.words.test(seen.words)) problems.push(`words: “${seen.words}”, not ${wanted.words}`)
  if (wanted.notBefore && seen.seconds < wanted.notBefore) problems.push(`came after ${seen.seconds} s, too early`)
  const text = wanted.by === 'second' ? secondText : firstText
  if (wanted.end === 'answer') check('text', seen.text, text)
  if (wanted.end === 'broken' && !(seen.text !== '' && firstText.startsWith(seen.text)))
    problems.push(`text: “${seen.text}”, not the beginning of “${firstText}”`)
  const bodies = new Set(calls.first.map(({ body }) => body))
  if (bodies.size > 1) problems.push('a later attempt did not send what the first one sent')
  if (calls.second.some(({ body }) => !body.includes('"hello"'))) problems.push('the second was not sent the request')
  return problems
}
