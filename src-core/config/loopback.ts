import { isIP } from 'node:net'

/** A URL's or a config's host name in one spelling: lower case, no brackets, no trailing dot, IPv4 out of mapped IPv6. */
export function plainHost(host: string): string {
  let plain = host.toLowerCase()
  if (plain.startsWith('[') && plain.endsWith(']')) plain = plain.slice(1, -1)
  if (plain.length > 1 && plain.endsWith('.')) plain = plain.slice(0, -1)
  return isIP(plain) === 6 ? plainIPv6(plain) : plain
}

/** Any spelling of "this machine, and nobody else can hear it". Any other name may resolve to anything. */
export function isLoopbackHost(host: string): boolean {
  const plain = plainHost(host)
  if (plain === 'localhost' || plain.endsWith('.localhost') || plain === '::1') return true
  return isIP(plain) === 4 && plain.startsWith('127.')
}

/** The address that stands for every interface; as a destination it means this machine. */
export function isWildcardHost(host: string): boolean {
  const plain = plainHost(host)
  return plain === '0.0.0.0' || plain === '::' || plain === ''
}

function plainIPv6(address: string): string {
  // The URL parser knows every spelling; it writes ::ffff:127.0.0.1 as ::ffff:7f00:1.
  const zone = address.indexOf('%')
  const bare = zone === -1 ? address : address.slice(0, zone)
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (!mapped) return canonical
  const high = Number.parseInt(mapped[1]!, 16)
  const low = Number.parseInt(mapped[2]!, 16)
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}
