import { Worker } from 'node:worker_threads'
import type { CountReply, CountRequest } from './count-worker.ts'
import type { Section, SectionCount } from './section.ts'

/** Counts by the true tokenizer, in a thread of its own that lives only while there is something to count. */
export interface ExactCounter {
  /** The thread has been started and has its tables loaded, or soon will. */
  readonly running: boolean
  /** One count a section, in their order. Undefined when it cannot be had: too much is waiting, or the thread failed. */
  count(body: Buffer, sections: readonly Section[]): Promise<readonly SectionCount[] | undefined>
  close(): Promise<void>
}

export interface ExactCounterOptions {
  /** The thread failed and is not started again. */
  failed: (thrown: unknown) => void
  /** The thread ends after so long without work; its tables take some hundred megabytes. */
  idleMs?: number
  /** Longer than any honest piece of work takes. */
  stuckMs?: number
}

/** Copied in one turn of the event loop. */
const bytesPerCall = 1024 * 1024
/** More is not worth waiting for. */
const mostWaitingBytes = 32 * 1024 * 1024

export function createExactCounter({ failed, idleMs = 120_000, stuckMs = 30_000 }: ExactCounterOptions): ExactCounter {
  let worker: Worker | undefined
  let broken = false
  let waitingBytes = 0
  let previous: Promise<unknown> = Promise.resolve()
  let idle: NodeJS.Timeout | undefined
  let asked: PromiseWithResolvers<CountReply> | undefined

  function start(): Worker {
    const thread = new Worker(new URL('./count-worker.ts', import.meta.url))
    thread.unref()
    const gone = (why: Error): void => {
      if (worker !== thread) return // ended by us
      worker = undefined
      asked?.reject(why)
    }
    thread.on('message', (reply: CountReply) => asked?.resolve(reply))
    thread.on('error', gone)
    thread.on('exit', (code) => gone(new Error(`the thread ended with ${code}`)))
    return thread
  }

  async function end(): Promise<void> {
    clearTimeout(idle)
    const thread = worker
    worker = undefined
    asked?.reject(new Error('the thread was ended'))
    await thread?.terminate()
  }

  /** One call to the thread; calls never overlap. */
  async function ask(request: CountRequest): Promise<CountReply> {
    worker ??= start()
    const reply = Promise.withResolvers<CountReply>()
    asked = reply
    const stuck = setTimeout(() => reply.reject(new Error(`no count within ${stuckMs} ms`)), stuckMs)
    stuck.unref()
    worker.postMessage(request, [request.bytes])
    try {
      return await reply.promise
    } finally {
      clearTimeout(stuck)
      asked = undefined
    }
  }

  async function countInTurn(body: Buffer, sections: readonly Section[]): Promise<SectionCount[] | undefined> {
    const counts: SectionCount[] = []
    clearTimeout(idle)
    try {
      for (const call of calls(sections)) {
        if (broken) return undefined
        counts.push(...(await ask(requestFor(body, call))))
      }
      return counts
    } catch (thrown) {
      // broken already: closed, since nobody needs it any more
      if (!broken) failed(thrown)
      broken = true
      await end()
      return undefined
    } finally {
      clearTimeout(idle)
      idle = setTimeout(() => void end(), idleMs)
      idle.unref()
    }
  }

  return {
    get running() {
      return worker !== undefined
    },
    async count(body, sections) {
      const bytes = sections.reduce((sum, section) => sum + section.end - section.start, 0)
      if (broken || waitingBytes + bytes > mostWaitingBytes) return undefined
      waitingBytes += bytes
      const mine = previous.then(() => countInTurn(body, sections))
      previous = mine
      try {
        return await mine
      } finally {
        waitingBytes -= bytes
      }
    },
    async close() {
      broken = true
      await end()
    },
  }
}

function* calls(sections: readonly Section[]): Generator<Section[]> {
  let call: Section[] = []
  let bytes = 0
  for (const section of sections) {
    const size = section.end - section.start
    if (bytes > 0 && bytes + size > bytesPerCall) {
      yield call
      call = []
      bytes = 0
    }
    call.push(section)
    bytes += size
  }
  if (call.length > 0) yield call
}

/** Only the sections' own bytes, copied once and handed over. */
function requestFor(body: Buffer, sections: readonly Section[]): CountRequest {
  const bytes = new Uint8Array(sections.reduce((sum, section) => sum + section.end - section.start, 0))
  let at = 0
  const moved = sections.map(({ start, end, kind }): Section => {
    bytes.set(body.subarray(start, end), at)
    const to = at + end - start
    const section = { kind, start: at, end: to }
    at = to
    return section
  })
  return { bytes: bytes.buffer, sections: moved }
}
