import fs from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Keeping, PageQuery, UsageQuery } from './exchange-database.ts'
import type { Exchange } from './exchange-record.ts'
import type { StoreAnswer, StoreCall } from './exchange-store-worker.ts'
import { type ExchangeView, viewExchange } from './exchange-view.ts'
import type { Redactor } from './redact.ts'
import type { UsageRow } from './usage.ts'

/** The days before: ended exchanges on disk, without bodies, written by a worker so that no request waits for it. */
export interface ExchangeStore {
  /** Costs its caller one push. */
  add(exchange: Exchange): void
  page(query: PageQuery): Promise<ExchangeView[]>
  get(id: string): Promise<ExchangeView | undefined>
  /** undefined: there is no disk to ask. */
  usage(query: UsageQuery): Promise<UsageRow[] | undefined>
  /** Writes what is waiting. */
  close(): Promise<void>
}

export interface ExchangeStoreOptions {
  file: string
  /** Read at each batch. */
  keeping: () => Keeping
  redactor: Pick<Redactor, 'text' | 'known'>
  /** Said once: from here on there is memory only. */
  unavailable: (because: string) => void
  /** So many records came faster than they could be written. */
  lost: (count: number) => void
  /** The worker ends after so long without work: it holds some 15 MiB. */
  idleMs?: number
}

const flushMs = 500
/** Records made ready in one turn of the event loop: well under a millisecond. */
const perTurn = 50
const mostWaiting = 5000
/** Of them such as went well: 200 a second, more than anybody's tools ask for. What a flood leaves out is counted. */
const mostRoutine = 100
/** Batches the worker may be behind. */
const mostUnwritten = 40
const patienceMs = 10_000

export function createExchangeStore(options: ExchangeStoreOptions): ExchangeStore {
  const { file, keeping, redactor, idleMs = 30_000 } = options
  const waiting: Exchange[] = []
  const answers: ((answer: StoreAnswer) => void)[] = []
  let timer: NodeJS.Timeout | undefined
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  /** Nothing more is written or read. */
  let broken = false
  let closed: Promise<void> | undefined
  let lost = 0

  function giveUp(because: string): void {
    if (broken) return
    broken = true
    waiting.length = 0
    for (const answer of answers.splice(0)) answer({ problem: because })
    void worker?.terminate()
    worker = undefined
    options.unavailable(because)
  }

  function open(): Worker {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    const made = new Worker(new URL('./exchange-store-worker.ts', import.meta.url), {
      workerData: { file },
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 },
    })
    made.on('message', (answer: StoreAnswer) => {
      // the last word of one that was sent home
      if (made !== worker) return void made.terminate()
      answers.shift()?.(answer)
      if (answers.length > 0) return
      made.unref()
      idle = setTimeout(sendHome, idleMs).unref()
    })
    made.on('error', (error: NodeJS.ErrnoException) => giveUp(words(error)))
    return made
  }

  function sendHome(): void {
    const made = worker
    worker = undefined
    made?.postMessage({ type: 'close' } satisfies StoreCall)
  }

  /** Rejects nobody: a problem is the store's end, said once. */
  function ask(call: StoreCall): Promise<StoreAnswer> {
    clearTimeout(idle)
    try {
      if (!broken) worker ??= open()
    } catch (error) {
      giveUp(words(error as NodeJS.ErrnoException))
    }
    if (!worker) return Promise.resolve({ problem: 'there is memory only' })
    // only what is under way keeps the process
    worker.ref()
    worker.postMessage(call)
    return new Promise((resolve) => {
      answers.push(resolve)
    })
  }

  async function value(call: StoreCall): Promise<unknown> {
    const answer = await ask(call)
    if ('value' in answer) return answer.value
    giveUp(answer.problem)
    return undefined
  }

  /** Some of what waits; false when there is nothing left to write. */
  function writeSome(): boolean {
    if (waiting.length === 0 || broken) return false
    const views = waiting.splice(0, perTurn).map((exchange) => viewExchange(exchange, redactor.text))
    if (answers.length >= mostUnwritten) lost += views.length
    else {
      // names of models are the client's words: a last look at the whole before it reaches a file
      void value({ type: 'add', json: redactor.known(JSON.stringify(views)), keeping: keeping() })
    }
    return waiting.length > 0
  }

  function flushSoon(): void {
    timer = undefined
    if (writeSome()) setImmediate(flushSoon)
    else if (lost > 0) {
      options.lost(lost)
      lost = 0
    }
  }

  function flush(): void {
    while (writeSome());
  }

  async function close(): Promise<void> {
    clearTimeout(timer)
    clearTimeout(idle)
    flush()
    const open = worker
    if (!open) return
    const late = setTimeout(() => giveUp('the disk did not answer in time'), patienceMs)
    await ask({ type: 'close' })
    clearTimeout(late)
    broken = true
    await open.terminate()
  }

  const isOff = (): boolean => broken || keeping().days === 0
  /** Nothing was ever written: no worker is started only to say so. */
  const isEmpty = (): boolean => worker === undefined && waiting.length === 0 && !fs.existsSync(file)

  if (keeping().days === 0 && !isEmpty()) void value({ type: 'prune', keeping: keeping() })

  return {
    add(exchange) {
      if (isOff()) return
      if (waiting.length >= (exchange.error ? mostWaiting : mostRoutine)) lost += 1
      else waiting.push(exchange)
      timer ??= setTimeout(flushSoon, flushMs).unref()
    },
    async page(query) {
      if (isOff() || isEmpty()) return []
      flush()
      return ((await value({ type: 'page', query })) ?? []) as ExchangeView[]
    },
    async get(id) {
      if (isOff() || isEmpty()) return undefined
      flush()
      return (await value({ type: 'get', id })) as ExchangeView | undefined
    },
    async usage(query) {
      if (isOff()) return undefined
      if (isEmpty()) return []
      flush()
      return (await value({ type: 'usage', query })) as UsageRow[] | undefined
    },
    close() {
      closed ??= close()
      return closed
    },
  }
}

function words(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ERR_UNKNOWN_BUILTIN_MODULE') return error.message
  return 'this Node has no node:sqlite; with Node 24 or later exchanges are kept on disk'
}
