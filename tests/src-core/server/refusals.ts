import { encodeError } from '../../../src-core/codecs/anthropic-messages/error.ts'
import { createOpenaiChatCodec } from '../../../src-core/codecs/openai-chat/index.ts'

const openai = createOpenaiChatCodec()

/** Enough words for tests that are not about words. */
export const refusals = {
  'gemini-chat': openai,
  'openai-chat': openai,
  'openai-responses': openai,
  'anthropic-messages': { encodeError },
}
