import { GatewayError } from '../../../src-core/model/error.ts'
import type { StreamChunk, StreamEvent } from '../../../src-core/model/event.ts'
import type { CallTarget } from '../../../src-core/model/generate.ts'
import type { JsonObject } from '../../../src-core/model/json.ts'
import type { Conversation, Message, ModelRequest, ToolResultPart } from '../../../src-core/model/request.ts'
import { plainDialect, type Target } from '../../../src-core/model/target.ts'
import { createChains } from '../../../src-core/web-search/chains.ts'
import type { EngineView, Search, SearchHit, SearchQuery, SearchResult } from '../../../src-core/web-search/engine.ts'
import { type SearchSettings, withWebSearch } from '../../../src-core/web-search/with-web-search.ts'
import { type Heard, hear, playAnswer, type Step } from '../../helpers/answer-steps.ts'
import { target as plainTarget } from '../router/rig.ts'

export const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })

export const engine = (id: string, more: Partial<EngineView> = {}): EngineView => ({ id, isDefault: false, ...more })

export function conversationOf(messages: Message[], more: Partial<Conversation> = {}): Conversation {
  return { system: [], messages, tools: [], serverTools: [], generation: {}, extensions: {}, ...more }
}

export interface AskOptions extends Partial<Conversation> {
  protocol?: ModelRequest['protocol']
  stream?: boolean
  helper?: ModelRequest['traits']['helper']
}

export function ask(
  messages: Message[],
  { protocol = 'openai-chat', stream = true, helper, ...more }: AskOptions = {},
) {
  const conversation = conversationOf(messages, more)
  const wire = { id: 'x1', protocol, envelope: 'none' as const, path: '/', headers: {}, body: Buffer.from('{}') }
  const request: ModelRequest = {
    protocol,
    model: 'some-model',
    stream,
    wire,
    traits: { bytes: 2, tools: false, media: false, ...(helper && { helper }) },
    conversation: () => Promise.resolve(conversation),
  }
  return request
}

/** One turn of the model: events, each a chunk of its own, between a start and an end. */
export const turn = (...said: StreamEvent[]): Step[] => [
  { events: [{ type: 'response-start', id: 'r1', model: 'm' }] },
  ...said.map((event): StreamChunk => ({ events: [event] })),
  { events: [{ type: 'usage', usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12 } }] },
  { events: [{ type: 'response-end', reason: { unified: endOf(said) } }] },
]

const endOf = (said: StreamEvent[]) => (said.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop')

export const says = (text: string): StreamEvent => ({ type: 'text-delta', text })
export const calls = (id: string, name: string, args: JsonObject): StreamEvent => ({
  type: 'tool-call',
  id,
  name,
  args,
})
export const searches = (id: string, query: string, more: JsonObject = {}): StreamEvent =>
  calls(id, 'web_search', { query, ...more })

export const hit = (name: string): SearchHit => ({
  title: name,
  url: `https://${name}.example/`,
  snippet: `On ${name}.`,
})

export const found = (query: string, hits: SearchHit[] = [hit('one')], summary = ''): SearchResult => ({
  engine: 'glm',
  query,
  summary,
  hits,
})

type Script = Step[] | ((conversation: Conversation) => Step[])

export interface Setup extends Partial<SearchSettings> {
  /** What the model says, turn by turn. */
  model: Script[]
  /** What a search finds; an Error: why all engines failed. */
  engine?: (query: SearchQuery) => SearchResult | Error | Promise<SearchResult | Error>
}

/** The loop around a scripted model and a scripted search. */
export function createRig({ model, engine: find = ({ query }) => found(query), ...settings }: Setup) {
  const rig = {
    /** What the model was asked, in order, and by which road. */
    asked: [] as { conversation: Conversation; request: ModelRequest; counts: boolean; target: Target }[],
    queries: [] as SearchQuery[],
    call: undefined as unknown as CallTarget,
    hear: (request: ModelRequest, to: Target = target(), signal?: AbortSignal): Promise<Heard> =>
      hear((caller) => rig.call(to, request, caller), signal),
  }
  const road =
    (counts: boolean): CallTarget =>
    async (to, request, caller) => {
      const conversation = await request.conversation()
      const script = model[Math.min(rig.asked.length, model.length - 1)]!
      rig.asked.push({ conversation, request, counts, target: to })
      caller.note({ type: 'attempt', target: to.id, attempt: 1 })
      return playAnswer(typeof script === 'function' ? script(conversation) : script, caller)
    }
  const search: Search = async (query, { signal }) => {
    rig.queries.push(query)
    const outcome = await find(query)
    signal.throwIfAborted()
    const note = { query: query.query, because: 'it is the only one', tries: [], ms: 5, hits: 0 }
    if (outcome instanceof Error) return { note, failed: outcome.message }
    return { note: { ...note, engine: outcome.engine, hits: outcome.hits.length }, result: outcome }
  }
  const all: SearchSettings = {
    injectPolicy: 'selective',
    maxSearches: 3,
    replaceClientTool: false,
    engines: [engine('glm')],
    ...settings,
  }
  rig.call = withWebSearch({
    settings: () => all,
    search,
    chains: createChains({ now: () => 0 }),
    callTarget: road(true),
    askAgain: road(false),
  })
  return rig
}

export const target = (more: Partial<Target> = {}): Target => plainTarget('azure.gpt', more)
export const nativeTarget = target({ dialect: { ...plainDialect, ownSearch: true } })

export const wantsSearch = (): Message[] => [user('Search the web for the Node release')]

/** Tools offered in one question to the model. */
export const offered = ({ tools }: Conversation): string[] => tools.map(({ name }) => name)

/** Results of tools in a conversation, by call. */
export const resultsIn = ({ messages }: Conversation): ToolResultPart[] =>
  messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-result'))

export const failure = (kind: GatewayError['kind']): GatewayError => new GatewayError(kind, `It said ${kind}.`)
