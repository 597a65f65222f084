import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The address cannot be bound. The message names what to change. */
export class PortError extends Error {
  override name = 'PortError'
}

export function bind(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(bindError(error, host, port)))
    server.listen(port, host, 4096, () => resolve(server.address() as AddressInfo))
  })
}

function bindError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new PortError(
        `Port ${port} is taken by another program. Set gateway.port in the config, or start with --port N.`,
      )
    case 'EACCES':
      return new PortError(
        `Port ${port} may not be used by this account. Set gateway.port to one above 1023, or start with --port N.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PortError(
        `${host} is no address of this computer. Set gateway.host in the config, or start with --host H.`,
      )
    default:
      return error
  }
}
