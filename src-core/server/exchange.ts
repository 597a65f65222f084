import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Codec } from '../codecs/codec.ts'
import { largeBody } from '../codecs/json-body.ts'
import { clientGone, GatewayError } from '../model/error.ts'
import type { StreamChunk } from '../model/event.ts'
import type { Flow } from '../model/flow.ts'
import type { Generate } from '../model/generate.ts'
import type { Wire } from '../model/request.ts'
import { type Answer, type AnswerParts, createAnswer } from './answer.ts'
import { refuse } from './refuse.ts'

export interface ExchangeParts extends AnswerParts {
  generate: Generate
  /** Told of failures, after redaction is possible and never with a body. */
  failed(error: GatewayError, id: string): void
}

/**
 * One client request, from its bytes to the last byte of its answer:
 * decode, generate, and write what comes as it comes. This is the one place that catches.
 */
export async function serveExchange(
  codec: Codec,
  wire: Wire,
  response: ServerResponse,
  parts: ExchangeParts,
): Promise<void> {
  const { id } = wire
  const client = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) client.abort(clientGone())
  })
  let answer: Answer | undefined
  let rest: Flow<StreamChunk> | undefined
  try {
    const request = codec.decodeRequest(wire)
    // Finding out its size takes as long again: others get their turn in between.
    if (wire.body.length >= largeBody) await nextTurn()
    answer = createAnswer(codec, request, response, parts)
    const given = await parts.generate(request, { signal: client.signal, note: answer.note })
    rest = given.rest
    const slowClient = answer.take(given.first)
    if (slowClient) await slowClient
    if (rest) await pour(rest, answer)
    answer.end()
  } catch (thrown) {
    const error = GatewayError.from(thrown)
    if (error.kind !== 'client-gone') parts.failed(error, id)
    if (answer) await answer.fail(error)
    else refuse(codec, error, response, { 'x-patchbay-request-id': id })
  } finally {
    answer?.close()
    rest?.cancel()
  }
}

/** Each chunk goes out as it comes; a client that has to catch up makes the backend wait. */
function pour(rest: Flow<StreamChunk>, answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => {
    rest.into({
      next(chunk) {
        try {
          const slowClient = answer.take(chunk)
          if (!slowClient) return
          rest.pause()
          void slowClient.then(() => rest.resume())
        } catch (thrown) {
          rest.cancel()
          reject(thrown)
        }
      },
      end: resolve,
      failed: reject,
    })
  })
}
