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

/** The user's latest words before this place: what everything between them and it is an answer to. */
export function textBefore(messages: readonly Message[], place: number): string {
  for (let index = place - 1; index >= 0; index--) {
    const text = textsOf(messages[index]!).join('\n')
    if (text !== '') return text
  }
  return ''
}

function textsOf({ role, parts }: Message): string[] {
  if (role !== 'user') return []
  return parts.flatMap((part) => (part.type === 'text' && !contextBlock.test(part.text) ? part.text : []))
}
