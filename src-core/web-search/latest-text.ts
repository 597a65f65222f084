import type { Message } from '../model/request.ts'

/** A block a client puts before what its user wrote: `<session_context>…</session_context>`. */
const contextBlock = /^\s*<([a-zA-Z][\w-]*)>[\s\S]*<\/\1>\s*$/

/** What the user has said since the model's last turn; empty when there is only what tools said. */
export function newText(messages: readonly Message[]): string {
  const lastSpoken = messages.findLastIndex(({ role }) => role === 'assistant')
  return messages
    .slice(lastSpoken + 1)
    .flatMap(textsOf)
    .join('\n')
}

/** Where in a conversation an answer of the model stands: after these words of the user, and so many earlier answers to them. */
export interface AnswerPlace {
  text: string
  earlier: number
}

/** Some clients keep one answer as several messages in a row, so rows count. */
export function placeOfAnswer(messages: readonly Message[], index: number): AnswerPlace {
  let earlier = 0
  let isInRow = true
  for (let before = index - 1; before >= 0; before--) {
    const message = messages[before]!
    if (message.role === 'assistant') {
      if (!isInRow) earlier++
      isInRow = true
      continue
    }
    isInRow = false
    const text = textsOf(message).join('\n')
    if (text !== '') return { text, earlier }
  }
  return { text: '', earlier }
}

function textsOf({ role, parts }: Message): string[] {
  if (role !== 'user') return []
  return parts.flatMap((part) => (part.type === 'text' && !contextBlock.test(part.text) ? part.text : []))
}
