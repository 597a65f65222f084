import { bareRequest } from '../model/bare-request.ts'
import type { StreamEvent } from '../model/event.ts'
import { collect } from '../model/flow.ts'
import type { CallTarget } from '../model/generate.ts'
import type { Conversation, ModelRequest } from '../model/request.ts'
import type { Target } from '../model/target.ts'
import type { Searcher } from './engine.ts'

/** A conversation of our own with one target, and all it answers. */
export async function askModel(
  callTarget: CallTarget,
  target: Target,
  conversation: Conversation,
  { signal, wire }: Searcher,
): Promise<readonly StreamEvent[]> {
  const { protocol, model } = target
  const bare = bareRequest(model)
  const request: ModelRequest = {
    ...bare,
    protocol,
    // of the client's request only what may hold its own key; none of its bytes
    wire: { ...bare.wire, id: 'search', path: wire?.path ?? '', headers: wire?.headers ?? {} },
    rewritten: true,
    conversation: async () => conversation,
  }
  const { first, rest } = await callTarget(target, request, { signal, note() {} })
  const chunks = rest ? [first, ...(await collect(rest))] : [first]
  const events = chunks.flatMap((chunk) => chunk.events)
  for (const event of events) if (event.type === 'error') throw event.error
  return events
}
