import { decodedBody } from './content-encoding.ts'
import { createDispatchers, type DispatcherOptions, type Road } from './dispatchers.ts'
import { type ResponseBody, type ResponseHead, ResponseReader, type Timeouts } from './response-reader.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

export interface TransportRequest {
  method: string
  url: URL
  headers: Record<string, string>
  body?: Buffer
  timeouts: Timeouts
  signal: AbortSignal
}

export interface TransportResponse extends ResponseHead {
  body: ResponseBody
}

/** HTTP to a service. Knows no protocol, no provider, no retry; every failure is a GatewayError in words. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>
  /** Loads the HTTP client ahead of the first request. */
  warm(): Promise<void>
  close(): Promise<void>
}

export function createTransport(options: DispatcherOptions): Transport {
  const dispatchers = createDispatchers(options)
  const watchdog = createWatchdog()

  return {
    async send(request) {
      const known = dispatchers.roadTo(request.url, request.timeouts.connectMs)
      const road = known instanceof Promise ? await known : known
      const reader = openReader(road, request, watchdog)
      const { status, headers } = await reader.head
      const encoding = headers['content-encoding']
      if (encoding === undefined) return { status, headers, body: reader }
      return { status, headers, body: decodedBody(reader, String(encoding), road.host) }
    },
    warm: dispatchers.warm,
    close: dispatchers.close,
  }
}

function openReader(road: Road, request: TransportRequest, watchdog: Watchdog): ResponseReader {
  const { method, url, headers, body, timeouts, signal } = request
  const options = {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers,
    body: body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const reader = new ResponseReader({
    host: road.host,
    proxy: road.proxy,
    timeouts,
    signal,
    watchdog,
  })
  reader.start((handler) => road.dispatcher.dispatch(options, handler))
  return reader
}
