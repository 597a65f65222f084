/** Reachable from this machine alone: `localhost`, 127.0.0.0/8 and ::1. A name may resolve to anything and is not. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '')
  if (bare === 'localhost' || bare === '::1' || bare === '0:0:0:0:0:0:0:1') return true
  const quad = /^(?:::ffff:)?127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(bare)
  return quad?.slice(1).every((part) => Number(part) <= 255) ?? false
}
