import { clientGone, GatewayError } from '../model/error.ts'
import { isContent, type Note, type StreamChunk } from '../model/event.ts'
import type { Generate } from '../model/generate.ts'
import { watch } from '../model/watch.ts'
import type { Exchange } from './exchange-record.ts'
import {
  attemptFailed,
  attemptStarted,
  decided,
  endExchange,
  failExchange,
  firstContent,
  routed,
  searched,
  searchOffered,
  skipped,
  startExchange,
} from './exchange-steps.ts'
import { createRing } from './ring.ts'

export type ExchangePush = { type: 'started' | 'attempt' | 'ended'; exchange: Exchange }
export type ExchangeListener = (push: ExchangePush) => void

export interface ExchangeLog {
  /** Puts a record beside every request that goes through. */
  withExchangeLog(generate: Generate): Generate
  /** The latest first. Records are live: an open one still changes, until the end of the turn its answer ends in. */
  list(): Exchange[]
  get(id: string): Exchange | undefined
  /** How many are under way. */
  open(): number
  /** Called at each step, in the request's own turn: be quick. Returns what ends it. */
  subscribe(listener: ExchangeListener): () => void
}

export interface ExchangeLogOptions {
  /** How many records are kept. */
  capacity?: number
  now: () => number
  /** What goes wrong with a record, or in a listener, is heard here and harms no request. */
  listenerFailed: (thrown: unknown) => void
}

export function createExchangeLog(options: ExchangeLogOptions): ExchangeLog {
  const { capacity = 500, now, listenerFailed } = options
  const records = createRing<Exchange>(capacity)
  const listeners = new Set<ExchangeListener>()
  let open = 0

  const push = (type: ExchangePush['type'], exchange: Exchange): void => {
    for (const listener of listeners) {
      try {
        listener({ type, exchange })
      } catch (thrown) {
        listenerFailed(thrown)
      }
    }
  }

  /** Nobody above would catch what is thrown here. */
  const conclude = (exchange: Exchange, endedAt: number): void => {
    try {
      endExchange(exchange, endedAt)
    } catch (thrown) {
      listenerFailed(thrown)
    }
    push('ended', exchange)
  }

  /** Reads what a chunk tells. Relayed chunks name few events, so this costs next to nothing a chunk. */
  const read = (exchange: Exchange, { events, wire }: StreamChunk): void => {
    if (wire) exchange.relayedBytes += wire.length
    for (const event of events) {
      if (exchange.firstContentMs === undefined && isContent(event)) firstContent(exchange, now())
      switch (event.type) {
        case 'usage':
          exchange.usage = event.usage
          break
        case 'response-end':
          exchange.finishReason ??= event.reason.unified
          break
      }
    }
  }

  const readNote = (exchange: Exchange, note: Note): void => {
    switch (note.type) {
      case 'decided':
        decided(exchange, note.decision)
        exchange.route = note.decision.route
        exchange.because = [...note.decision.because]
        break
      case 'attempt':
        attemptStarted(exchange, note, now())
        push('attempt', exchange)
        break
      case 'attempt-failed':
        attemptFailed(exchange, note, now())
        push('attempt', exchange)
        break
      case 'routed':
        routed(exchange, note)
        break
      case 'skipped':
        skipped(exchange, note)
        break
      case 'dropped':
        exchange.dropped.push({ what: note.what, because: note.because })
        break
      case 'search-offered':
        searchOffered(exchange, note.because)
        break
      case 'searched':
        searched(exchange, note)
        break
    }
  }

  return {
    withExchangeLog: (generate) => (request, caller) => {
      const exchange = startExchange(request, now())
      records.push(exchange)
      open += 1
      push('started', exchange)
      const failed = (thrown: unknown): void => failExchange(exchange, GatewayError.from(thrown))
      const over = (how: 'ended' | 'failed' | 'left'): void => {
        const endedAt = now()
        open -= 1
        // Neither end nor failure: the reader left.
        const ended = how === 'ended' || exchange.finishReason !== undefined || exchange.error !== undefined
        if (!ended) failed(clientGone())
        // The last bytes of the answer go first: whoever follows the records hears of it at the end of the turn.
        setImmediate(conclude, exchange, endedAt)
      }
      const note = (told: Note): void => {
        readNote(exchange, told)
        caller.note(told)
      }
      const answer = generate(request, { signal: caller.signal, note })
      return watch(answer, { chunk: (chunk) => read(exchange, chunk), failed, over })
    },
    list: () => records.newestFirst(),
    get: (id) => records.newestFirst().find((exchange) => exchange.id === id),
    open: () => open,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
