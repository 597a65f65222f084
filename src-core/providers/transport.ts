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

  function ask(road: Road, request: TransportRequest): Promise<TransportResponse> {
    const reader = openReader(road, request, watchdog)
    return reader.head.then(({ status, headers }) => {
      const encoding = headers['content-encoding']
      const body = encoding === undefined ? reader : decodedBody(reader, String(encoding), road.host)
      return { status, headers, body }
    })
  }

  return {
    send(request) {
      const road = dispatchers.roadTo(request.url, request.timeouts.connectMs)
      return road instanceof Promise ? road.then((known) => ask(known, request)) : ask(road, request)
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
