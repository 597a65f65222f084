import type { ClientProtocol } from './case-file.ts'
import { foldAnthropic } from './fold-anthropic.ts'
import { foldChat } from './fold-chat.ts'
import { foldGemini } from './fold-gemini.ts'
import { foldResponses } from './fold-responses.ts'

import { isRecord, type JsonRecord } from './json-record.ts'

/** A reply put together from its events; a JSON reply counts as one event. */
export function fold(protocol: ClientProtocol, events: unknown[]): JsonRecord {
  const objects = events.filter(isRecord)
  switch (protocol) {
    case 'gemini':
      return foldGemini(objects)
    case 'gemini-code-assist':
      return foldGemini(objects.map((event) => event.response).filter(isRecord))
    case 'openai-chat':
      return foldChat(objects)
    case 'anthropic-messages':
      return foldAnthropic(objects)
    case 'openai-responses':
      return foldResponses(objects)
  }
}
