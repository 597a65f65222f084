import type { Codec, EncodedRequest } from '../codecs/codec.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { Caller, CallTarget, ModelAnswer } from '../model/generate.ts'
import type { ModelRequest, Protocol } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { answerRest } from './answer-rest.ts'
import type { CodeAssistProjects } from './code-assist/projects.ts'
import { callDemo } from './demo.ts'
import { dropParameter } from './drop-parameter.ts'
import { endpointFor } from './endpoint.ts'
import { type AnswerSource, openAnswer, verdict } from './open-answer.ts'
import { createProviderSend, type ProviderSend, placed, type SendOptions } from './provider-send.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import { type RetryClock, type RetrySettings, withRetry } from './retry.ts'

export interface CallOptions extends SendOptions, RetryClock, Pick<CodeAssistProjects, 'inProject'> {
  codecs: Partial<Record<Protocol, Codec>>
  /** As the config says at this moment. */
  provider(id: string): ResolvedProvider | undefined
  settings(): { retry: RetrySettings }
}

/** Calls one target: encode, authorise, send, decode; tries again while nothing has reached the client. */
export function createCallTarget(options: CallOptions): CallTarget {
  const send = createProviderSend(options)

  return async (target, request, caller) => {
    const provider = options.provider(target.provider)
    if (!provider) throw new GatewayError('no-target', `There is no provider named ${target.provider} in the config.`)
    if (provider.builtIn) return callDemo(target, request, caller)
    const codec = options.codecs[target.protocol]
    if (!codec)
      throw new GatewayError('unsupported', `${provider.name} speaks ${target.protocol}, which is not built in.`)
    const inEnvelope = target.envelope === 'code-assist'
    const addressed = inEnvelope ? await options.inProject(target, provider, request, caller.signal) : target
    const encoding = codec.encodeRequest(request, addressed)
    const encoded = encoding instanceof Promise ? await encoding : encoding
    for (const dropped of encoded.dropped) caller.note({ type: 'dropped', ...dropped })

    const call: Call = { options, send, provider, codec, target, request, caller, encoded, refused: [] }
    const settings = options.settings().retry
    const { first, rest } = await withRetry({
      target: target.id,
      run: (sent) => attempt(call, sent),
      settings,
      clock: options,
      caller,
    })
    for (const what of call.refused) caller.note({ type: 'dropped', what, because: `${provider.name} refuses it` })
    if (!rest) return { first }
    const source = call.source!
    return answerRest(
      { first, rest },
      {
        judge: (error) => placed(verdict(error, source), provider, target),
        failed(thrown) {
          const error = placed(thrown, provider, target)
          return caller.signal.aborted ? clientGone() : error
        },
      },
    )
  }
}

interface Call {
  options: CallOptions
  send: ProviderSend
  provider: ResolvedProvider
  codec: Codec
  target: Target
  request: ModelRequest
  caller: Caller
  encoded: EncodedRequest
  /** Parameters the service has refused by name. */
  refused: string[]
  /** The answer being read. */
  source?: AnswerSource
}

/** Sends and opens the answer; a parameter the service refuses by name is left out, also from later attempts. */
async function attempt(call: Call, sent: () => void): Promise<ModelAnswer> {
  const { options, send, provider, codec, target, request, caller } = call
  const accept = request.stream ? 'text/event-stream' : 'application/json'
  for (;;) {
    const { path, body, relayed: relay, toolNames } = call.encoded
    let source: AnswerSource | undefined
    try {
      const url = endpointFor(provider, target, path)
      const { wire } = request
      const { signal, note } = caller
      const response = await send({ provider, target, method: 'POST', url, accept, body, wire, signal, sent })
      source = { response, codec, provider, now: options.now(), context: { target, request, relay, toolNames, note } }
      call.source = source
      return await openAnswer(source)
    } catch (thrown) {
      source?.response.body.cancel()
      const adapted = source === undefined ? withoutRefused(call, thrown) : undefined
      if (!adapted) throw placed(thrown, provider, target)
      call.encoded = adapted
    }
  }
}

const mostRefused = 4
/** Without these there is no request. */
const needed = new Set(['model', 'messages', 'contents', 'input', 'stream'])

/** The request without the parameter the service has just refused; undefined when that is not what happened. */
function withoutRefused({ encoded, refused }: Call, thrown: unknown): EncodedRequest | undefined {
  if (!(thrown instanceof GatewayError) || refused.length === mostRefused) return undefined
  const parameter = /^unsupported_(parameter|value)$/.test(thrown.providerCode ?? '') ? thrown.path : undefined
  if (parameter === undefined || needed.has(parameter)) return undefined
  const body = dropParameter(encoded.body, parameter)
  if (!body) return undefined
  refused.push(parameter)
  return { ...encoded, body }
}
