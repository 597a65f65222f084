import type { Server } from 'node:http'

/**
 * How a server stops: it accepts no more, open answers end in their own time, for `drainMs` at most, and every
 * connection without one is closed: kept ones, and those on which nothing was ever asked.
 */
export function createDrain(server: Server): (drainMs: number) => Promise<void> {
  let open = 0
  let stopping = false

  const sweep = (): void => {
    if (open === 0) server.closeAllConnections()
    else server.closeIdleConnections()
  }
  server.on('request', (_message, response) => {
    open += 1
    response.once('close', () => {
      open -= 1
      // the connection counts as idle only after this
      if (stopping) setImmediate(sweep)
    })
  })

  return (drainMs) =>
    new Promise((resolve) => {
      stopping = true
      const force = setTimeout(() => server.closeAllConnections(), drainMs)
      server.close(() => {
        clearTimeout(force)
        resolve()
      })
      sweep()
    })
}
