import type { Dispatcher } from 'undici'
import { clientGone, type GatewayError } from '../model/error.ts'
import type { Flow, Sink } from '../model/flow.ts'
import { answerTooLarge, type Stage, timeoutError, transportError } from './transport-error.ts'
import type { Watchdog, Watched } from './watchdog.ts'

export interface Timeouts {
  connectMs: number
  /** From the request on its way to the first byte of the body: a slow backend thinks here. */
  firstByteMs: number
  /** Silence between two reads. */
  idleMs: number
}

/** A body that flows. Each piece is everything that one read brought. */
export interface ResponseBody extends Flow<Buffer> {
  /** Everything to the end, instead of letting it flow; a failure beyond `limit` bytes. */
  whole?(limit: number): Promise<Buffer>
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

interface Whole {
  resolve(body: Buffer): void
  reject(error: GatewayError): void
}

/** More than this unread, and the provider has to wait. */
const highWater = 256 * 1024

/** undici's handler, our body and our timers in one object: one allocation a request, none a chunk. */
export class ResponseReader implements Dispatcher.DispatchHandler, ResponseBody, Watched {
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
  #sink: Sink<Buffer> | undefined
  #paused = true
  /** The sink has heard the end. */
  #told = false
  dueAt = Number.POSITIVE_INFINITY
  place = -1
  #allowedMs = 0
  #headSeen = false
  #wholeLimit = Number.POSITIVE_INFINITY
  #whole: Whole | undefined

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
    // First of all: what else a request needs is seen to while it is on its way.
    try {
      dispatch(this)
    } catch (thrown) {
      this.#fail(transportError(thrown, { host, stage: 'connecting' }))
      return
    }
    if (this.#finished) return
    signal.addEventListener('abort', this)
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
    if (this.#whole) {
      if (this.#queued > this.#wholeLimit) this.#abort(answerTooLarge(this.#wholeLimit))
      else this.#allow(this.#options.timeouts.idleMs)
      return
    }
    if (this.#queued > highWater) controller.pause()
    // One socket read may bring many pieces: they leave together once it is through.
    this.#flushSoon()
  }

  onResponseEnd(): void {
    if (this.#finished) return
    this.#finish()
    this.#flushSoon()
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

  into(sink: Sink<Buffer>): void {
    this.#sink = sink
    this.resume()
  }

  pause(): void {
    this.#paused = true
    if (this.#stage === 'reading') this.dueAt = Number.POSITIVE_INFINITY
  }

  resume(): void {
    this.#paused = false
    if (this.#queue.length > 0 || this.#finished) this.#flushSoon()
    else if (this.#stage === 'reading') this.#allow(this.#options.timeouts.idleMs)
  }

  whole(limit: number): Promise<Buffer> {
    this.#wholeLimit = limit
    if (this.#controller?.paused) this.#controller.resume()
    return new Promise((resolve, reject) => {
      this.#whole = { resolve, reject }
      if (this.#queued > limit) this.#abort(answerTooLarge(limit))
      this.resume()
    })
  }

  cancel(): void {
    this.#queue = []
    this.#told = true
    if (this.#finished) return
    this.#finish()
    this.#controller?.abort(new Error('no longer wanted'))
  }

  flush(): void {
    this.#flushing = false
    if (this.#paused || this.#told) return
    if (this.#whole) this.#settle(this.#whole)
    else if (this.#sink) this.#pour(this.#sink)
  }

  #pour(sink: Sink<Buffer>): void {
    if (this.#queue.length > 0) sink.next(this.#take())
    // what was told may have made it stand still, or end
    if (this.#paused || this.#told) return
    if (!this.#finished) {
      this.#allow(this.#options.timeouts.idleMs)
      return
    }
    this.#told = true
    if (this.#failure) sink.failed(this.#failure)
    else sink.end()
  }

  #settle({ resolve, reject }: Whole): void {
    if (!this.#finished) {
      this.#allow(this.#options.timeouts.idleMs)
      return
    }
    this.#told = true
    if (this.#failure) reject(this.#failure)
    else resolve(this.#take())
  }

  #flushSoon(): void {
    if (this.#flushing || this.#paused) return
    this.#flushing = true
    process.nextTick(flush, this)
  }

  #take(): Buffer {
    const queue = this.#queue
    this.#queue = []
    this.#queued = 0
    if (this.#controller?.paused && !this.#finished) this.#controller.resume()
    return queue.length === 1 ? queue[0]! : Buffer.concat(queue)
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
    else this.#flushSoon()
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
    // While it stands still, silence is our own doing.
    if (this.#finished || (this.#stage === 'reading' && this.#paused)) return
    this.#abort(
      timeoutError({ host: this.#options.host, proxy: this.#options.proxy, stage: this.#stage }, this.#allowedMs),
    )
  }
}

const flush = (reader: ResponseReader): void => reader.flush()
