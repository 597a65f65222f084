import { type AppClient, type AppEvent, CallError, type CallFailure, type Connection } from './app-client.ts'
import { readEvents } from './read-events.ts'

export interface HttpClientOptions {
  /** Where `/api` begins, without a slash at the end. */
  base: string
  token: string | undefined
  fetch: typeof fetch
}

/** How long nothing may come; the port sends a sign of life every 15 seconds. */
const silenceMs = 40_000
const firstPauseMs = 500
const longestPauseMs = 5000

/** Calls and pushes over the control port. The stream is opened for the first listener and comes back by itself. */
export function createHttpClient({ base, token, fetch }: HttpClientOptions): AppClient {
  const listeners = new Set<(event: AppEvent) => void>()
  let stream: AbortController | undefined
  let connection: Connection = 'connecting'

  const tell = (event: AppEvent): void => {
    for (const listener of listeners) listener(event)
  }

  function become(next: Connection): void {
    connection = next
    tell({ type: 'connection', value: next })
  }

  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

  async function listen(signal: AbortSignal): Promise<void> {
    let pauseMs = firstPauseMs
    while (!signal.aborted) {
      const once = new AbortController()
      const both = AbortSignal.any([signal, once.signal])
      let silence = setTimeout(() => once.abort(), silenceMs)
      try {
        const response = await fetch(`${base}/api/events`, { headers, signal: both })
        if (response.status === 401) return become('no-token')
        if (!response.ok || !response.body) throw new TypeError(`events answered ${response.status}`)
        become('online')
        pauseMs = firstPauseMs
        for await (const event of readEvents(response.body)) {
          clearTimeout(silence)
          silence = setTimeout(() => once.abort(), silenceMs)
          if (event) tell({ type: event.name, value: JSON.parse(event.data) } as AppEvent)
        }
      } catch (thrown) {
        // a gateway that ended or does not answer: that is what `offline` says
        if (signal.aborted) return
        if (!(thrown instanceof TypeError || thrown instanceof DOMException)) throw thrown
      } finally {
        clearTimeout(silence)
      }
      if (signal.aborted) return
      become('offline')
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      pauseMs = Math.min(longestPauseMs, pauseMs * 2)
    }
  }

  return {
    async call(name, input) {
      if (token === undefined) throw new CallError('no-token', noToken)
      const response = await fetch(`${base}/api/${name}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(input),
      }).catch((cause: unknown) => {
        throw new CallError('offline', {
          message: `Patchbay does not answer. ${cause instanceof Error ? cause.message : ''}`,
        })
      })
      if (response.ok) return response.json()
      const { error } = (await response.json().catch(() => ({ error: unreadable }))) as { error: CallFailure }
      throw new CallError(kinds[response.status] ?? 'refused', error)
    },
    subscribe(listener) {
      listeners.add(listener)
      if (!stream && token !== undefined) {
        stream = new AbortController()
        void listen(stream.signal)
      }
      queueMicrotask(() => {
        if (listeners.has(listener))
          listener({ type: 'connection', value: token === undefined ? 'no-token' : connection })
      })
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stream?.abort()
        stream = undefined
        connection = 'connecting'
      }
    },
  }
}

const kinds: Record<number, CallError['kind']> = { 401: 'no-token', 409: 'conflict' }
const noToken = { message: 'This window has no token. Open the address Patchbay shows at its start.' }
const unreadable = { message: 'Patchbay answered with something that is not JSON.' }
