import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MetadataServer {
  /** `127.0.0.1:PORT`, as GCE_METADATA_HOST wants it. */
  host: string
  [Symbol.asyncDispose](): Promise<void>
}

/** A cloud machine's metadata server, as far as a Google client asks it: one access token. */
export async function startMetadataServer(token: string): Promise<MetadataServer> {
  const server = http.createServer((request, response) => {
    const headers = { 'metadata-flavor': 'Google', 'content-type': 'application/json' }
    if (request.url?.startsWith('/computeMetadata/v1/instance/service-accounts/default/token')) {
      response.writeHead(200, headers)
      response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }))
      return
    }
    response.writeHead(200, headers)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
