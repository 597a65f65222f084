/** Is this `Host` header one a listener on `bound` itself goes by? */
export function isOwnHost(header: string, bound: string): boolean {
  const name = hostName(header)
  if (name === undefined) return false
  return (
    name === 'localhost' ||
    name === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(name) ||
    name === bound.toLowerCase() ||
    name === `[${bound.toLowerCase()}]`
  )
}

function hostName(header: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d{1,5})?$/i.exec(header)
  return match?.[1]?.toLowerCase().replace(/\.$/, '')
}
