import { randomBytes } from 'node:crypto'
import type { Codec } from '../codec.ts'
import { createAnswerReader } from './answer-reader.ts'
import { decodeResponse } from './decode-response.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { encodeRequest } from './encode-request.ts'
import { encodeResponse } from './encode-response.ts'
import { createStreamEncoder } from './encode-stream.ts'
import { encodeError } from './error.ts'
import { decodeRequest } from './request.ts'
import type { SignatureStore } from './signatures.ts'

export { type GeminiPath, parseGeminiPath } from './path.ts'
export { createSignatureStore, type SignatureStore, type SignatureStoreOptions } from './signatures.ts'

export interface GeminiChatOptions {
  signatures: SignatureStore
  /** Ids for calls that come without; unique over all answers, in an alphabet every protocol takes. */
  newCallId?(): string
}

/** Gemini's generateContent family, plain and in Code Assist's envelope. */
export function createGeminiChatCodec({
  signatures,
  newCallId = () => `call_${randomBytes(12).toString('hex')}`,
}: GeminiChatOptions): Codec {
  return {
    protocol: 'gemini-chat',
    decodeRequest,
    encodeRequest: (request, target) => encodeRequest(request, target, signatures),
    encodeStream: createStreamEncoder,
    encodeResponse,
    encodeError,
    // The one thing the CLI's reader lets pass between two events.
    keepAlive: '\n',
    impatientClients: true,
    decodeStream: (context) =>
      createStreamDecoder(createAnswerReader({ context, signatures, newCallId, whole: false }), context.relay),
    decodeResponse: (body, context) =>
      decodeResponse(body, createAnswerReader({ context, signatures, newCallId, whole: true }), context.relay),
  }
}
