import type { Codec, EncodedRequest } from '../codecs/codec.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamEvent } from '../model/event.ts'
import type { CallTarget } from '../model/generate.ts'
import { handOver, type Opening } from '../model/hand-over.ts'
import type { ModelRequest, Protocol } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { answerRest } from './answer-rest.ts'
import { callDemo } from './demo.ts'
import { dropParameter } from './drop-parameter.ts'
import { endpointFor } from './endpoint.ts'
import { type AnswerSource, type OpenAnswer, openAnswer, verdict } from './open-answer.ts'
import { createProviderSend, type ProviderSend, placed, type SendOptions } from './provider-send.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import { note, type RetryClock, type RetrySettings, withRetry } from './retry.ts'

export interface CallOptions extends SendOptions, RetryClock {
  codecs: Partial<Record<Protocol, Codec>>
  /** As the config says at this moment. */
  provider(id: string): ResolvedProvider | undefined
  settings(): { retry: RetrySettings }
}

/** Calls one target: encode, authorise, send, decode; tries again while nothing has reached the client. */
export function createCallTarget(options: CallOptions): CallTarget {
  const send = createProviderSend(options)
  return (target, request, signal) => {
    const provider = options.provider(target.provider)
    if (provider?.builtIn) return callDemo(target, request, signal)
    return handOver(open({ options, send, provider, target, request, signal }))
  }
}

interface Call {
  options: CallOptions
  send: ProviderSend
  provider: ResolvedProvider | undefined
  target: Target
  request: ModelRequest
  signal: AbortSignal
}

async function* open({ options, send, provider, target, request, signal }: Call): Opening {
  if (!provider) throw new GatewayError('no-target', `There is no provider named ${target.provider} in the config.`)
  const codec = options.codecs[target.protocol]
  if (!codec)
    throw new GatewayError('unsupported', `${provider.name} speaks ${target.protocol}, which is not built in.`)
  const encoded = await codec.encodeRequest(request, target)
  if (encoded.dropped.length > 0) yield { events: encoded.dropped.map((dropped) => noteEvent(dropped)) }

  const sending: Sending = { provider, target, request, signal, encoded, refused: [] }
  let source: AnswerSource | undefined
  const run = async (): Promise<OpenAnswer> => {
    try {
      const response = await sendAdapted(send, sending)
      const { relayed: relay, toolNames } = sending.encoded
      source = { response, codec, provider, now: options.now(), context: { target, request, relay, toolNames } }
      return await openAnswer(source)
    } catch (thrown) {
      throw placed(thrown, provider, target)
    }
  }
  const settings = options.settings().retry
  const opened = yield* withRetry({ target: target.id, run, settings, signal, clock: options })
  for (const what of sending.refused) yield note({ type: 'dropped', what, because: `${provider.name} refuses it` })

  return answerRest(opened, {
    judge: (error) => placed(verdict(error, source!), provider, target),
    failed(thrown) {
      const error = placed(thrown, provider, target)
      if (signal.aborted || error.kind === 'client-gone') throw clientGone()
      return error
    },
  })
}

interface Sending {
  provider: ResolvedProvider
  target: Target
  request: ModelRequest
  signal: AbortSignal
  encoded: EncodedRequest
  /** Parameters the service has refused by name. */
  refused: string[]
}

const mostRefused = 4
/** Without these there is no request. */
const needed = new Set(['model', 'messages', 'contents', 'input', 'stream'])

/** Sends; a parameter the service refuses by name is left out, also from later attempts. */
async function sendAdapted(send: ProviderSend, sending: Sending): ReturnType<ProviderSend> {
  const { provider, target, request, signal, refused } = sending
  for (;;) {
    const { path, body } = sending.encoded
    const url = endpointFor(provider, target, path)
    const accept = request.stream ? 'text/event-stream' : 'application/json'
    try {
      return await send({ provider, target, method: 'POST', url, accept, body, wire: request.wire, signal })
    } catch (thrown) {
      const parameter = thrown instanceof GatewayError ? thrown.path : undefined
      if (!isRefusal(thrown) || parameter === undefined || needed.has(parameter) || refused.length === mostRefused)
        throw thrown
      const without = dropParameter(body, parameter)
      if (!without) throw thrown
      sending.encoded = { ...sending.encoded, body: without }
      refused.push(parameter)
    }
  }
}

const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof GatewayError && /^unsupported_(parameter|value)$/.test(thrown.providerCode ?? '')

const noteEvent = (dropped: { what: string; because: string }): StreamEvent => ({
  type: 'note',
  note: { type: 'dropped', ...dropped },
})
