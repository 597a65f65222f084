import { type Peek, peek } from '../json-body.ts'

const looks = new WeakMap<Buffer, Peek>()

/** One scan of a client's body, however many ask: its traits, each attempt, the writer of the answer. */
export function lookAt(body: Buffer): Peek {
  let look = looks.get(body)
  if (!look) {
    look = peek(body)
    looks.set(body, look)
  }
  return look
}
