import type { Message, ToolCallPart, ToolResultPart } from '../../model/request.ts'

interface Call {
  part: ToolCallPart
  /** The id the client gave; '' when it gave none. */
  given: string
  answered: boolean
}

interface Turn {
  calls: Call[]
  byName: Map<string, Call[]>
}

/**
 * Gives every call an id and every result the id of its call. Classic Gemini has no ids: a made one says
 * where its call stands, so the same history always gets the same ids. Results pair by id, else with the oldest
 * unanswered call of their name in the turn before, else with the oldest there, else in an earlier turn.
 */
export function pairTools(messages: Message[]): void {
  const taken = explicitIds(messages)
  const seen = new Set<string>()
  const byId = new Map<string, Call[]>()
  const turns: Turn[] = []
  let previousRole: Message['role'] | undefined
  messages.forEach((message, index) => {
    if (message.role === 'assistant' && previousRole !== 'assistant') turns.push({ calls: [], byName: new Map() })
    previousRole = message.role
    message.parts.forEach((part, place) => {
      if (part.type === 'tool-call') {
        const call: Call = { part, given: part.id, answered: false }
        if (part.id === '' || seen.has(part.id)) part.id = freeId(taken, part.id, index, place)
        seen.add(part.id)
        if (turns.length === 0) turns.push({ calls: [], byName: new Map() })
        const turn = turns.at(-1)!
        turn.calls.push(call)
        append(turn.byName, part.name, call)
        if (call.given !== '') append(byId, call.given, call)
      } else if (part.type === 'tool-result') answer(part, byId, turns)
    })
  })
}

function explicitIds(messages: Message[]): Set<string> {
  const ids = new Set<string>()
  for (const { parts } of messages) for (const part of parts) if (part.type === 'tool-call' && part.id) ids.add(part.id)
  return ids
}

function freeId(taken: Set<string>, given: string, index: number, place: number): string {
  const stem = given === '' ? `call_${index}_${place}` : `${given}_${index}_${place}`
  let id = stem
  for (let count = 2; taken.has(id); count++) id = `${stem}_${count}`
  taken.add(id)
  return id
}

function append(map: Map<string, Call[]>, key: string, call: Call): void {
  const calls = map.get(key)
  if (calls) calls.push(call)
  else map.set(key, [call])
}

function answer(result: ToolResultPart, byId: Map<string, Call[]>, turns: Turn[]): void {
  const sameId = result.id === '' ? undefined : byId.get(result.id)
  const call = sameId
    ? (sameId.find((one) => !one.answered) ?? sameId.at(-1))
    : (oldest(turns.at(-1)?.byName.get(result.name)) ??
      oldest(turns.at(-1)?.calls) ??
      turns.reduceRight<Call | undefined>((found, turn) => found ?? oldest(turn.byName.get(result.name)), undefined))
  if (call) call.answered = true
  result.id = call?.part.id ?? ''
  if (result.name === '' && call) result.name = call.part.name
}

/** The first unanswered call; answered ones leave the queue for good. */
function oldest(queue: Call[] | undefined): Call | undefined {
  while (queue?.[0]?.answered) queue.shift()
  return queue?.[0]
}
