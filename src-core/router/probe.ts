import { GatewayError } from '../model/error.ts'
import { collect } from '../model/flow.ts'
import type { CallTarget } from '../model/generate.ts'
import type { Conversation, ModelRequest } from '../model/request.ts'
import type { Target } from '../model/target.ts'

export type ProbeResult = { ok: true; ms: number } | { ok: false; error: GatewayError }

/** One cheap question to a target, now. Health hears of the outcome; the exchange log does not. */
export type Probe = (target: Target, signal: AbortSignal) => Promise<ProbeResult>

export interface ProbeOptions {
  /** Wrapped in health, with a single try. */
  callTarget: CallTarget
  now: () => number
  deadlineMs?: number
}

export function createProbe({ callTarget, now, deadlineMs = 30_000 }: ProbeOptions): Probe {
  return async (target, signal) => {
    const startedAt = now()
    const deadline = AbortSignal.timeout(deadlineMs)
    const caller = { signal: AbortSignal.any([signal, deadline]), note: () => {} }
    try {
      const { rest } = await callTarget(target, question(target), caller)
      if (rest) await collect(rest)
      return { ok: true, ms: Math.round(now() - startedAt) }
    } catch (thrown) {
      if (!deadline.aborted || signal.aborted) return { ok: false, error: GatewayError.from(thrown) }
      const words = `${target.id} did not answer a probe within ${Math.round(deadlineMs / 1000)} s.`
      return { ok: false, error: new GatewayError('timeout', words, { target: target.id, cause: thrown }) }
    }
  }
}

/** The least that can be asked. Reasoning models refuse to answer at all in a single token. */
function question({ model, dialect }: Target): ModelRequest {
  const conversation: Conversation = {
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    tools: [],
    serverTools: [],
    generation: { maxOutputTokens: dialect.reasoningModel ? 16 : 1 },
    extensions: {},
  }
  const body = Buffer.from('{}')
  return {
    protocol: 'openai-chat',
    model,
    stream: false,
    wire: { id: 'probe', protocol: 'openai-chat', envelope: 'none', path: '', headers: {}, body },
    rewritten: true,
    traits: { bytes: body.length, tools: false, media: false, wishedOutputTokens: 1 },
    conversation: async () => conversation,
  }
}
