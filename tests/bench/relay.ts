// The bare relay: node:http on both sides and pipe. The unit of every ratio.
import http from 'node:http'
import type net from 'node:net'

const upstream = new URL(process.env.UPSTREAM!)
const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 2048 })
const own = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host'])

function passed(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.has(name)))
}

const server = http.createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const forward = http.request(
    {
      host: upstream.hostname,
      port: upstream.port,
      method: request.method,
      path: request.url,
      headers: passed(request.headers),
      agent,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, passed(answer.headers))
      answer.pipe(response)
    },
  )
  forward.on('error', () => response.destroy())
  response.on('close', () => {
    if (!response.writableFinished) forward.destroy()
  })
  request.pipe(forward)
})
server.listen(0, '127.0.0.1', 4096, () =>
  console.log(JSON.stringify({ port: (server.address() as net.AddressInfo).port })),
)
