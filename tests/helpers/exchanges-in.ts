import type { GatewayProcess } from './gateway-process.ts'

/** The lines of the gateway's log that tell of whole exchanges, in the order they ended. */
export function exchangesIn(gateway: GatewayProcess): Record<string, unknown>[] {
  return gateway
    .stderr()
    .split('\n')
    .filter((line) => line.includes('"patchbay.exchange"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
