import type { Codec, EncodedRequest } from '../codecs/codec.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { Caller, CallTarget, ModelAnswer } from '../model/generate.ts'
import type { ModelRequest, Protocol } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import { answerRest } from './answer-rest.ts'
import { callDemo } from './demo.ts'
import { dropParameter } from './drop-parameter.ts'
import { endpointFor } from './endpoint.ts'
import { type AnswerSource, openAnswer, verdict } from './open-answer.ts'
import { createProviderSend, type ProviderSend, placed, type SendOptions } from './provider-send.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import { type RetryClock, type RetrySettings, withRetry } from './retry.ts'
import type { TransportResponse } from './transport.ts'

export interface CallOptions extends SendOptions, RetryClock {
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
    const encoded = await codec.encodeRequest(request, target)
    for (const dropped of encoded.dropped) caller.note({ type: 'dropped', ...dropped })

    const sending: Sending = { provider, target, request, caller, encoded, refused: [] }
    let source: AnswerSource | undefined
    const run = async (): Promise<ModelAnswer> => {
      try {
        const response = await sendAdapted(send, sending)
        const { relayed: relay, toolNames } = sending.encoded
        const context = { target, request, relay, toolNames, note: caller.note }
        source = { response, codec, provider, now: options.now(), context }
        return await openAnswer(source)
      } catch (thrown) {
        throw placed(thrown, provider, target)
      }
    }
    const settings = options.settings().retry
    const { first, rest } = await withRetry({ target: target.id, run, settings, clock: options, caller })
    for (const what of sending.refused) caller.note({ type: 'dropped', what, because: `${provider.name} refuses it` })
    if (!rest) return { first }
    return answerRest(
      { first, rest },
      {
        close: () => source!.response.body.cancel(),
        judge: (error) => placed(verdict(error, source!), provider, target),
        failed(thrown) {
          const error = placed(thrown, provider, target)
          if (caller.signal.aborted || error.kind === 'client-gone') throw clientGone()
          return error
        },
      },
    )
  }
}

interface Sending {
  provider: ResolvedProvider
  target: Target
  request: ModelRequest
  caller: Caller
  encoded: EncodedRequest
  /** Parameters the service has refused by name. */
  refused: string[]
}

const mostRefused = 4
/** Without these there is no request. */
const needed = new Set(['model', 'messages', 'contents', 'input', 'stream'])

/** Sends; a parameter the service refuses by name is left out, also from later attempts. */
async function sendAdapted(send: ProviderSend, sending: Sending): Promise<TransportResponse> {
  const { provider, target, request, caller, refused } = sending
  const accept = request.stream ? 'text/event-stream' : 'application/json'
  for (;;) {
    const { path, body } = sending.encoded
    const url = endpointFor(provider, target, path)
    try {
      return await send({
        provider,
        target,
        method: 'POST',
        url,
        accept,
        body,
        wire: request.wire,
        signal: caller.signal,
      })
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
