import { GatewayError } from '../../../src-core/model/error.ts'
import type { StreamChunk, StreamEvent } from '../../../src-core/model/event.ts'
import type { CallTarget } from '../../../src-core/model/generate.ts'
import type { Conversation, ModelRequest, RequestTraits } from '../../../src-core/model/request.ts'
import { plainDialect, type Target } from '../../../src-core/model/target.ts'
import type { PoolSettings, RoutingView } from '../../../src-core/router/routing-view.ts'
import { playAnswer, type Step } from '../../helpers/answer-steps.ts'

export function target(id: string, overrides: Partial<Target> = {}): Target {
  const [, provider, credential, model] = /^([^.[]+)(?:\[(.+?)\])?\.(.+)$/.exec(id)!
  return {
    id,
    provider: provider!,
    credential: credential ?? 'default',
    model: model!,
    protocol: 'openai-chat',
    envelope: 'none',
    maxContextTokens: 200_000,
    limitFrom: 'config',
    dialect: plainDialect,
    ...overrides,
  }
}

export interface RequestShape extends Partial<RequestTraits> {
  id?: string
  model?: string
  /** The estimate comes from the body's size: four bytes a token while it is small. */
  body?: Buffer
}

export function request({
  id = 'x1',
  model = 'some-model',
  body = Buffer.from('{}'),
  ...traits
}: RequestShape = {}): ModelRequest {
  return {
    protocol: 'openai-chat',
    model,
    stream: true,
    wire: { id, protocol: 'openai-chat', envelope: 'none', path: '/v1/chat/completions', headers: {}, body },
    traits: { bytes: body.length, tools: false, media: false, ...traits },
    conversation: () => Promise.reject<Conversation>(new Error('routing never decodes the conversation')),
  }
}

export interface Setup {
  group?: string
  routes?: Record<string, PoolSettings[]>
  mappings?: [string, string][][]
  /** Windows per target; a name with `*` stands for any model of that provider. */
  windows?: Record<string, number>
  /** Credentials per provider that has several. */
  credentials?: Record<string, string[]>
  disabled?: string[]
  warnRatio?: number
  hardLimit?: boolean
  threshold?: number
  retry?: Partial<RoutingView['retry']>
}

/** A view over exactly the targets named in `windows`. */
export function routingView(setup: Setup): RoutingView {
  const { windows = {}, credentials = {}, disabled = [] } = setup
  const providers = new Set(Object.keys(windows).map((name) => name.split('.')[0]!))
  const made = new Map<string, Target[]>()
  const expand = (name: string, clientModel: string): readonly Target[] => {
    const [, provider, alias, asked] = /^([^.[]+)(?:\[(.+?)\])?\.(.+)$/.exec(name)!
    const model = asked === '*' ? clientModel : asked!
    const window = windows[`${provider}.${model}`] ?? windows[`${provider}.*`]
    if (window === undefined || disabled.includes(provider!)) return []
    const key = `${name} ${model}`
    if (!made.has(key)) {
      const aliases = alias ? [alias] : (credentials[provider!] ?? [undefined])
      const ids = aliases.map((one) => (one ? `${provider}[${one}].${model}` : `${provider}.${model}`))
      made.set(
        key,
        ids.map((id) => target(id, { maxContextTokens: window })),
      )
    }
    return made.get(key)!
  }
  return {
    revision: 1,
    group: setup.group ?? 'default',
    routes: new Map(Object.entries(setup.routes ?? {})),
    mappings: setup.mappings ?? [],
    hasProvider: (id) => providers.has(id),
    expand,
    skippedBecause: (name) => {
      const provider = name.split(/[.[]/)[0]!
      if (disabled.includes(provider)) return `provider ${provider} is disabled; enable it in the window or the config`
      return `${name} is not configured; add it under virtualrouter.providers.${provider}.models`
    },
    contextRouting: { warnRatio: setup.warnRatio ?? 0.9, hardLimit: setup.hardLimit ?? false },
    classifier: { longContextThresholdTokens: setup.threshold ?? 180_000 },
    retry: { attempts: 3, deadlineMs: 600_000, maxWaitMs: 10_000, ...setup.retry },
  }
}

/** A body that is estimated at exactly this many tokens. */
export function bodyOf(tokens: number): Buffer {
  if (tokens * 4 <= 8192) return Buffer.alloc(tokens * 4, 'x')
  throw new Error(`keep windows small in tests: ${tokens} tokens is past the exact range`)
}

export const start: StreamEvent = { type: 'response-start', id: 'r1', model: 'm' }
export const text = (words: string): StreamEvent => ({ type: 'text-delta', text: words })
export const end: StreamEvent = { type: 'response-end', reason: { unified: 'stop' } }
export const chunk = (...events: StreamEvent[]): StreamChunk => ({ events })

/** 'not called': what fails before anything is sent. */
export type Script = (Step | 'not called')[]

export const answer = (words: string): Script => [chunk(start), chunk(text(words)), chunk(end)]

export function failure(
  kind: GatewayError['kind'],
  options: { waitMs?: number; from?: string; reset?: boolean } = {},
): GatewayError {
  const { waitMs, from = 'retry-after', reset } = options
  const wait = waitMs === undefined ? undefined : { ms: waitMs, from, reset }
  return new GatewayError(kind, `It said ${kind}.`, { wait })
}

/** A listener of health never throws here. */
export const listenerFailed = (thrown: unknown): never => {
  throw thrown
}

export const attemptNote = (id: string, attempt = 1): Step => ({ note: { type: 'attempt', target: id, attempt } })

/** Targets that play scripts: one per call, the last one again when they run out. */
export function scripted(scripts: Record<string, Script[]>): CallTarget & { calls: string[]; open: number } {
  const calls: string[] = []
  const steps = async function* (to: Target) {
    const mine = scripts[to.id]
    if (!mine) throw new Error(`no script for ${to.id}`)
    const turn = calls.filter((id) => id === to.id).length
    calls.push(to.id)
    played.open += 1
    try {
      const script = mine[Math.min(turn, mine.length - 1)]!
      if (script[0] !== 'not called') yield attemptNote(to.id)
      for (const step of script) if (step !== 'not called') yield step
    } finally {
      played.open -= 1
    }
  }
  const call: CallTarget = (to, _request, caller) => playAnswer(steps(to), caller)
  const played = Object.assign(call, { calls, open: 0 })
  return played
}
