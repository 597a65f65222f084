/** What the login's own requests need of a web `fetch`; who makes it knows proxies and certificates. */
export type WebFetch = (
  url: string,
  request: {
    method: string
    headers: Record<string, string>
    body?: string
    signal?: AbortSignal
  },
) => Promise<Response>
