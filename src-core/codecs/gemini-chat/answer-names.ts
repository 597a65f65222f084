import type { StreamEvent } from '../../model/event.ts'
import type { AnswerContext } from '../codec.ts'

/** The names an answer goes by: its id, and the model that really wrote it, which the CLI's statistics show. */
export interface AnswerNames {
  responseId: string
  modelVersion: string
}

export function answerNames(
  context: AnswerContext,
  start?: Extract<StreamEvent, { type: 'response-start' }>,
): AnswerNames {
  return {
    responseId: start?.id || context.id,
    modelVersion: start?.model || context.targetModel || context.request.model,
  }
}
