import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The address cannot be bound. The message names what to change. */
export class PortError extends Error {
  override name = 'PortError'
  /** The port, where another program has it. */
  taken: number | undefined

  constructor(message: string, taken?: number) {
    super(message)
    this.taken = taken
  }
}

/** Sentences that say what to change where the address cannot be bound. */
interface Advice {
  port: string
  host: string
}

export function bind(server: Server, host: string, port: number, advice: Advice): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(bindError(error, host, port, advice)))
    server.listen(port, host, 4096, () => resolve(server.address() as AddressInfo))
  })
}

function bindError(error: NodeJS.ErrnoException, host: string, port: number, advice: Advice): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new PortError(`Port ${port} is taken by another program. ${advice.port}`, port)
    case 'EACCES':
      return new PortError(`Port ${port} may not be used by this account: take one above 1023. ${advice.port}`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PortError(`${host} is no address of this computer. ${advice.host}`)
    default:
      return error
  }
}
