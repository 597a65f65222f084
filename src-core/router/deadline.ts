import { GatewayError } from '../model/error.ts'

/** A signal that follows the client's and, until `met`, the deadline. */
export interface Deadline {
  signal: AbortSignal
  /** When it passes, in the clock's milliseconds. */
  at: number
  /** Sets the timer, so that a call can be on its way first. */
  start(): void
  /** Content has come: from now on only the client may end it. */
  met(): void
  /** Nothing holds on to the client's signal any more. */
  release(): void
}

/** The longest a timer can be set for; a longer deadline is this long. */
const longestTimerMs = 2 ** 31 - 1

export function createDeadline(client: AbortSignal, ms: number, now: () => number): Deadline {
  const controller = new AbortController()
  const follow = (): void => controller.abort(client.reason)
  const expire = (): void => {
    controller.abort(
      new GatewayError('timeout', `No target answered within ${Math.round(ms / 1000)} s (retry.deadlineMs).`),
    )
  }
  if (client.aborted) follow()
  else client.addEventListener('abort', follow, { once: true })
  let timer: NodeJS.Timeout | undefined
  const met = (): void => clearTimeout(timer)
  return {
    signal: controller.signal,
    at: now() + ms,
    start() {
      timer ??= setTimeout(expire, Math.min(ms, longestTimerMs))
    },
    met,
    release() {
      met()
      client.removeEventListener('abort', follow)
    },
  }
}
