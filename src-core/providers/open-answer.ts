import type { Codec, DecodeContext } from '../codecs/codec.ts'
import { begin } from '../model/begin.ts'
import { GatewayError } from '../model/error.ts'
import type { ModelAnswer } from '../model/generate.ts'
import { isObject } from '../model/json.ts'
import { withLatest } from '../model/latest.ts'
import { decodedFlow } from './decoded-flow.ts'
import { judgeFailure } from './failure.ts'
import { readBody } from './read-body.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import type { TransportResponse } from './transport.ts'

export interface AnswerSource {
  response: TransportResponse
  codec: Codec
  context: DecodeContext
  provider: ResolvedProvider
  now: number
}

const answerLimit = 256 * 1024 * 1024

/**
 * Reads a 2xx answer up to its first content. Whatever is a failure in spite of its status is thrown as one; the body
 * is then the caller's to cancel.
 */
export function openAnswer(source: AnswerSource): Promise<ModelAnswer> {
  return formOf(source) === 'stream' ? openStream(source) : openJson(source)
}

function formOf({ response, context, provider }: AnswerSource): 'stream' | 'json' {
  const form = formNamed(String(response.headers['content-type'] ?? ''))
  if (form === 'web page') throw webPage(provider)
  // Some servers name no type, or the wrong one: then what was asked for is what comes.
  return form ?? (context.request.stream ? 'stream' : 'json')
}

const formNamed = withLatest((contentType) => {
  const type = contentType.toLowerCase()
  if (type.includes('text/html')) return 'web page'
  if (type.includes('event-stream')) return 'stream'
  return type.includes('json') && !type.includes('ndjson') ? 'json' : undefined
})

async function openJson(source: AnswerSource): Promise<ModelAnswer> {
  const { response, codec, provider } = source
  const body = await readBody(response.body, answerLimit)
  const start = firstByte(body)
  if (start === undefined) throw nothing(provider)
  if (start === 0x3c) throw webPage(provider)
  // A stream was asked for and a body came: its bytes are not what the client can read.
  const context = relayIf(source.context, !source.context.request.stream)
  const chunk = codec.decodeResponse(body, context)
  for (const event of chunk.events) {
    if (event.type === 'error') throw verdict(event.error, source, body.toString('utf8'))
  }
  return { first: context.relay && chunk.wire === undefined ? { ...chunk, wire: body } : chunk }
}

function openStream(source: AnswerSource): Promise<ModelAnswer> {
  const { response, codec, provider } = source
  const context = relayIf(source.context, source.context.request.stream)
  return begin(decodedFlow(response.body, codec.decodeStream(context)), {
    failure: (error) => verdict(error, source),
    ended: (silent) => (silent ? nothing(provider) : noContent(provider)),
  })
}

/** The judgement on a failure inside a 2xx: what the service sent is in the error's cause. */
export function verdict(error: GatewayError, source: AnswerSource, body?: string): GatewayError {
  const sent = body ?? (isJson(error.cause) ? JSON.stringify(error.cause) : undefined)
  if (sent === undefined) return error
  const { response, provider, context, now } = source
  const { status, headers } = response
  return judgeFailure({ status, headers, body: sent, provider, target: context.target, now })
}

const isJson = (cause: unknown): boolean =>
  typeof cause === 'string' || Array.isArray(cause) || (isObject(cause) && !(cause instanceof Error))

const relayIf = (context: DecodeContext, same: boolean): DecodeContext =>
  context.relay && !same ? { ...context, relay: false } : context

/** The first byte that is no white space. */
function firstByte(body: Buffer): number | undefined {
  return body.find((byte) => byte > 0x20)
}

const webPage = ({ id }: ResolvedProvider): GatewayError =>
  new GatewayError('provider-error', `${id} answered with a web page instead of JSON. Is its baseUrl right?`)

const nothing = ({ id }: ResolvedProvider): GatewayError =>
  new GatewayError('provider-error', `${id} answered with nothing: the status was good and the body empty.`)

const noContent = ({ id }: ResolvedProvider): GatewayError =>
  new GatewayError('provider-error', `${id} ended its answer before saying anything.`)
