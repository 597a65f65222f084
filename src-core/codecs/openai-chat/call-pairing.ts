import type { ToolCallPart, ToolResultPart } from '../../model/request.ts'

export interface PairedCall {
  call: ToolCallPart
  /** The call's id, or one made from it where another call has it already. */
  id: string
  turn: number
  result?: ToolResultPart
}

export interface CallPairing {
  /** A new assistant turn begins: results without an id look here first. */
  startTurn(): void
  add(call: ToolCallPart): PairedCall
  /** The call a result answers: by id in the newest turn that has it; without an id, the oldest open one. */
  find(id: string | undefined, name: string | undefined): PairedCall | undefined
}

/** Which result answers which call. The same id may come back in a later turn; a client may give none at all. */
export function createCallPairing(): CallPairing {
  const calls: PairedCall[] = []
  /** The calls of the newest turn that used the id. */
  const newest = new Map<string, { entries: PairedCall[]; firstOpen: number }>()
  const copies = new Map<string, number>()
  const taken = new Set<string>()
  let turn = 0
  let turnStart = 0
  let firstOpen = 0

  const uniqueId = (id: string) => {
    let copy = copies.get(id) ?? 1
    let unique = copy === 1 ? id : `${id}_${copy}`
    while (taken.has(unique)) unique = `${id}_${++copy}`
    copies.set(id, copy + 1)
    taken.add(unique)
    return unique
  }

  const oldestOpen = (from: number, name: string | undefined) => {
    let any: PairedCall | undefined
    for (let index = from; index < calls.length; index++) {
      const entry = calls[index]!
      if (entry.result) continue
      if (!name || entry.call.name === name) return entry
      any ??= entry
    }
    return any
  }

  return {
    startTurn() {
      turn++
      turnStart = calls.length
    },
    add(call) {
      const entry: PairedCall = { call, id: uniqueId(call.id), turn }
      const sameId = newest.get(call.id)
      if (sameId && sameId.entries[0]!.turn === turn) sameId.entries.push(entry)
      else newest.set(call.id, { entries: [entry], firstOpen: 0 })
      calls.push(entry)
      return entry
    },
    find(id, name) {
      if (id) {
        const sameId = newest.get(id)
        if (!sameId) return undefined
        while (sameId.entries[sameId.firstOpen]?.result) sameId.firstOpen++
        return sameId.entries[sameId.firstOpen] ?? sameId.entries[0]
      }
      while (calls[firstOpen]?.result) firstOpen++
      return oldestOpen(Math.max(turnStart, firstOpen), name) ?? oldestOpen(firstOpen, name)
    },
  }
}
