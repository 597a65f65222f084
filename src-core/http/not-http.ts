import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The answer to bytes that are no request: nobody's dialect is known, so the words stand where all of them look. */
export function answerNotHttp(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: ServerResponse }
  // into an answer that is under way nothing can be written
  if (!socket.writable || error.code === 'ECONNRESET' || answering?.headersSent) return void socket.destroy()
  const [code, reason, message] = verdictOn(error)
  const body = JSON.stringify({
    error: { code, message, status: 'INVALID_ARGUMENT', type: 'invalid_request_error', param: null },
  })
  const head = [
    `HTTP/1.1 ${code} ${reason}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function verdictOn({ code }: NodeJS.ErrnoException): [code: number, reason: string, message: string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'Request Header Fields Too Large', 'The headers of the request are larger than Patchbay reads.']
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'Request Timeout', 'The request did not arrive in time.']
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return [413, 'Content Too Large', 'The chunk extensions of the request are larger than Patchbay reads.']
    default:
      return [400, 'Bad Request', 'What came is not a valid HTTP request; the connection is closed.']
  }
}
