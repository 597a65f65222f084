import type { Wire } from '../../model/request.ts'
import { type Peek, peek } from '../json-body.ts'

/** One scan of a client's body, however many ask: its traits, each attempt, the writer of the answer. */
export function lookAt(wire: Wire): Peek {
  wire.scanned ??= peek(wire.body)
  return wire.scanned as Peek
}
