import type { Dispatcher } from 'undici'
import { clientGone, type GatewayError } from '../model/error.ts'
import { answerTooLarge, type Stage, timeoutError, transportError } from './transport-error.ts'
import type { Watchdog, Watched } from './watchdog.ts'

export interface Timeouts {
  connectMs: number
  /** From the request on its way to the first byte of the body: a slow backend thinks here. */
  firstByteMs: number
  /** Silence between two reads. */
  idleMs: number
}

/** A body that is pulled. Each pull gives everything that came since the last one. */
export interface ResponseBody extends AsyncIterable<Buffer> {
  /** Everything to the end; `too-large` beyond `limit` bytes. Instead of pulling, before anything was pulled. */
  whole?(limit: number): Promise<Buffer>
  /** Ends the request at once; the connection is closed when the answer was not complete. */
  cancel(): void
}

export interface ResponseHead {
  status: number
  headers: Record<string, string | string[]>
}

export interface ReaderOptions {
  host: string
  proxy: string | undefined
  timeouts: Timeouts
  signal: AbortSignal
  watchdog: Watchdog
}

/** More than this unread, and the provider has to wait. */
const highWater = 256 * 1024
const done: IteratorResult<Buffer> = { done: true, value: undefined }
const nothing = Buffer.alloc(0)

/** undici's handler, our body and our timers in one object: one allocation a request, none a chunk. */
export class ResponseReader implements Dispatcher.DispatchHandler, ResponseBody, AsyncIterator<Buffer>, Watched {
  readonly head: Promise<ResponseHead>
  #options: ReaderOptions
  #resolveHead!: (head: ResponseHead) => void
  #rejectHead!: (error: GatewayError) => void
  #stage: Stage = 'connecting'
  #controller: Dispatcher.DispatchController | undefined
  #queue: Buffer[] = []
  #queued = 0
  #flushing = false
  #finished = false
  #failure: GatewayError | undefined
  #waiting: { resolve: (result: IteratorResult<Buffer>) => void; reject: (error: GatewayError) => void } | undefined
  dueAt = Number.POSITIVE_INFINITY
  #allowedMs = 0
  #headSeen = false
  #wholeLimit: number | undefined

  constructor(options: ReaderOptions) {
    this.#options = options
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve
      this.#rejectHead = reject
    })
  }

  start(dispatch: (handler: Dispatcher.DispatchHandler) => void): void {
    const { host, signal, timeouts } = this.#options
    if (signal.aborted) {
      this.#fail(clientGone())
      return
    }
    signal.addEventListener('abort', this)
    try {
      dispatch(this)
    } catch (thrown) {
      this.#fail(transportError(thrown, { host, stage: 'connecting' }))
      return
    }
    if (this.#finished) return
    if (this.#stage === 'connecting') this.#allow(timeouts.connectMs)
    this.#options.watchdog.watch(this)
  }

  // undici's side

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#finished) {
      controller.abort(new Error('no longer wanted'))
      return
    }
    this.#stage = 'waiting'
    this.#allow(this.#options.timeouts.firstByteMs)
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200 || this.#finished) return
    this.#headSeen = true
    this.#resolveHead({ status, headers: headers as Record<string, string | string[]> })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#finished) return
    if (this.#stage !== 'reading') {
      this.#stage = 'reading'
      this.dueAt = Number.POSITIVE_INFINITY
    }
    this.#queue.push(chunk)
    this.#queued += chunk.length
    if (this.#wholeLimit !== undefined) {
      if (this.#queued > this.#wholeLimit) this.#abort(answerTooLarge(this.#wholeLimit))
      else this.#allow(this.#options.timeouts.idleMs)
      return
    }
    if (this.#queued > highWater) controller.pause()
    // One socket read may bring many pieces: they leave together once it is through.
    if (this.#waiting && !this.#flushing) {
      this.#flushing = true
      process.nextTick(flush, this)
    }
  }

  onResponseEnd(): void {
    if (this.#finished) return
    this.#finish()
    if (!this.#flushing) this.#settle()
  }

  onResponseError(_controller: unknown, thrown: Error): void {
    if (this.#finished) return
    const stage = this.#headSeen ? 'reading' : this.#stage
    this.#fail(transportError(thrown, { host: this.#options.host, proxy: this.#options.proxy, stage }))
  }

  /** The client's signal. */
  handleEvent(): void {
    this.#abort(clientGone())
  }

  // the reader's side

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return this
  }

  next(): Promise<IteratorResult<Buffer>> {
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#take() })
    if (this.#failure) return Promise.reject(this.#failure)
    if (this.#finished) return Promise.resolve(done)
    if (this.#stage === 'reading') this.#allow(this.#options.timeouts.idleMs)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  whole(limit: number): Promise<Buffer> {
    this.#wholeLimit = limit
    if (this.#queued > limit) this.#abort(answerTooLarge(limit))
    if (this.#failure) return Promise.reject(this.#failure)
    if (this.#finished) return Promise.resolve(this.#take())
    if (this.#controller?.paused) this.#controller.resume()
    if (this.#stage === 'reading') this.#allow(this.#options.timeouts.idleMs)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve: ({ value = nothing }) => resolve(value), reject }
    })
  }

  return(): Promise<IteratorResult<Buffer>> {
    this.cancel()
    return Promise.resolve(done)
  }

  cancel(): void {
    this.#queue = []
    this.#failure = undefined
    if (this.#finished) return
    this.#finish()
    this.#controller?.abort(new Error('no longer wanted'))
    this.#settle()
  }

  flush(): void {
    this.#flushing = false
    this.#settle()
  }

  #take(): Buffer {
    const queue = this.#queue
    this.#queue = []
    this.#queued = 0
    if (this.#controller?.paused && !this.#finished) this.#controller.resume()
    return queue.length === 1 ? queue[0]! : Buffer.concat(queue)
  }

  /** Gives whoever waits what there is now. */
  #settle(): void {
    const waiting = this.#waiting
    if (!waiting) return
    if (this.#wholeLimit !== undefined && !this.#finished) return
    this.#waiting = undefined
    if (this.#failure && (this.#queue.length === 0 || this.#wholeLimit !== undefined)) waiting.reject(this.#failure)
    else if (this.#queue.length > 0) waiting.resolve({ done: false, value: this.#take() })
    else waiting.resolve(done)
  }

  #abort(error: GatewayError): void {
    if (this.#finished) return
    this.#queue = []
    const controller = this.#controller
    this.#fail(error)
    controller?.abort(error)
  }

  #fail(error: GatewayError): void {
    this.#finish()
    this.#failure = error
    if (!this.#headSeen) this.#rejectHead(error)
    else if (!this.#flushing) this.#settle()
  }

  #finish(): void {
    this.#finished = true
    this.#options.watchdog.forget(this)
    this.#options.signal.removeEventListener('abort', this)
  }

  #allow(ms: number): void {
    this.#allowedMs = ms
    this.dueAt = performance.now() + ms
  }

  expire(): void {
    // While nobody waits, silence is our own doing.
    if (this.#finished || (this.#stage === 'reading' && !this.#waiting)) return
    this.#abort(
      timeoutError({ host: this.#options.host, proxy: this.#options.proxy, stage: this.#stage }, this.#allowedMs),
    )
  }
}

const flush = (reader: ResponseReader): void => reader.flush()
