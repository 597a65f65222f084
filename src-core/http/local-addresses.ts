import type { NetworkInterfaceInfo } from 'node:os'

/** The computer's own addresses in private networks (RFC 1918). A public one is never among them. */
export function localAddresses(interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>): string[] {
  const all = Object.values(interfaces).flatMap((each) => each ?? [])
  return all.flatMap(({ family, internal, address }) =>
    family === 'IPv4' && !internal && privateNetwork.test(address) ? address : [],
  )
}

const privateNetwork = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/
