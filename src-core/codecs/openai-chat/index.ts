import type { Codec } from '../codec.ts'
import { decodeRequest } from './decode-request.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { encodeRequest } from './encode-request.ts'
import { encodeStream } from './encode-stream.ts'
import { encodeError } from './error.ts'
import { decodeResponse, encodeResponse } from './response.ts'

/** OpenAI's Chat Completions, and the many services that speak it with an accent of their own. */
export function createOpenaiChatCodec(): Codec {
  return {
    protocol: 'openai-chat',
    keepAlive: ': keep-alive\n\n',
    impatientClients: false,
    decodeRequest,
    encodeStream,
    encodeResponse,
    encodeError,
    encodeRequest,
    decodeStream: createStreamDecoder,
    decodeResponse,
  }
}
