import type { IncomingMessage, ServerResponse } from 'node:http'

/** An answer that is no answer, ready to be written. */
interface Refusal {
  status: number
  headers: Record<string, string>
  body: string
}

/** How long a client may go on sending what nobody keeps. */
const lingerMs = 5000

/** Whether some of the request's body may still be on its way. */
export function isUnread({ complete, headers }: IncomingMessage): boolean {
  const length = headers['content-length'] ?? '0'
  return !complete && (length !== '0' || headers['transfer-encoding'] !== undefined)
}

/**
 * Answers a request whose body is not read. What still comes is thrown away for a while: a connection closed under
 * a sending client is reset, and the client would never see the answer.
 */
export function turnAway(message: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const body = Buffer.from(refusal.body)
  response.writeHead(refusal.status, { ...refusal.headers, 'content-length': body.length, connection: 'close' })
  response.write(body)
  const over = (): void => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(over, lingerMs).unref()
  message.once('end', over)
  message.once('close', over)
  message.resume()
}
