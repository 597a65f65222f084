import type { ServerResponse } from 'node:http'
import type { PushListener } from './push-hub.ts'

/** Everyone who listens. A push is written once and sent to each; one that does not keep up is let go. */
export interface EventStreams {
  open(response: ServerResponse): void
  push: PushListener
  close(): void
}

export interface EventStreamsOptions {
  /** Called when the first begins to listen, and returns what to do when the last has left: until then nobody pays. */
  firstListens(): () => void
}

/** What may wait for one listener; it reconnects and asks for the state anew. */
const mostWaitingBytes = 1024 * 1024
const heartbeatMs = 15_000

export function createEventStreams({ firstListens }: EventStreamsOptions): EventStreams {
  const listeners = new Set<ServerResponse>()
  let lastLeft: (() => void) | undefined
  let heartbeat: NodeJS.Timeout | undefined

  function write(text: string): void {
    for (const response of listeners) {
      if (response.writableLength > mostWaitingBytes) response.destroy()
      else response.write(text)
    }
  }

  function left(response: ServerResponse): void {
    if (!listeners.delete(response) || listeners.size > 0) return
    clearInterval(heartbeat)
    lastLeft?.()
  }

  return {
    open(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(':\n\n')
      response.once('close', () => left(response))
      listeners.add(response)
      if (listeners.size > 1) return
      heartbeat = setInterval(() => write(':\n\n'), heartbeatMs).unref()
      lastLeft = firstListens()
    },
    push(name, json) {
      write(`event: ${name}\ndata: ${json}\n\n`)
    },
    close() {
      for (const response of listeners) response.end()
    },
  }
}
