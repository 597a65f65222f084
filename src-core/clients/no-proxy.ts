const loopback = ['127.0.0.1', 'localhost']

/** An exception list that also covers the gateway, whatever the user's own says. */
export function mergeNoProxy(existing: string | undefined): string {
  const hosts = (existing ?? '').split(/[\s,]+/).filter((host) => host !== '')
  if (hosts.includes('*')) return '*'
  return [...hosts, ...loopback.filter((host) => !hosts.includes(host))].join(',')
}

export function coversLoopback(existing: string | undefined): boolean {
  return (
    existing !== undefined &&
    mergeNoProxy(existing) ===
      existing
        .split(/[\s,]+/)
        .filter(Boolean)
        .join(',')
  )
}
