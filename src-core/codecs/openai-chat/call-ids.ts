import { createHash } from 'node:crypto'

/** OpenAI takes no more, and refuses other letters. */
const maxLength = 40
const legal = /^[A-Za-z0-9_-]+$/

/** A call's id as a provider takes it: the client's own when it is legal, else one that is always the same for it. */
export function wireCallId(id: string): string {
  if (id.length <= maxLength && legal.test(id)) return id
  return `call_${createHash('sha256').update(id).digest('hex').slice(0, 24)}`
}
