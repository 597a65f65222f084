import type { Dispatcher } from 'undici'
import { trustedCertificates } from './certificates.ts'
import { type Environment, proxyFor } from './proxy.ts'

/** The way to one origin: its kept connections, direct or through a corporate proxy. */
export interface Road {
  dispatcher: Dispatcher
  host: string
  proxy: string | undefined
}

export interface Dispatchers {
  roadTo(url: URL, connectMs: number): Promise<Road> | Road
  /** Loads what the first request would otherwise wait for. */
  warm(): Promise<void>
  close(): Promise<void>
}

export interface DispatcherOptions {
  env: Environment
  caFile?: string | undefined
}

/** Our own timers rule; one request a connection at a time, and as many connections as there are streams. */
const poolOptions = {
  connections: 4096,
  pipelining: 1,
  keepAliveTimeout: 30_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  allowH2: false,
} as const

export function createDispatchers({ env, caFile }: DispatcherOptions): Dispatchers {
  const roads = new Map<string, Road>()
  const opening = new Map<string, Promise<Road>>()

  async function open(key: string, url: URL, connectMs: number): Promise<Road> {
    const proxy = proxyFor(url, env)
    const ca = url.protocol === 'https:' || proxy ? await trustedCertificates(env, caFile) : undefined
    // The reader's timer speaks first; this one only cleans up a connection nobody waits for.
    const connect = { timeout: connectMs + 1000, ...(ca && { ca }) }
    const dispatcher = proxy ? await throughProxy(proxy, connect) : await direct(url, connect)
    const road = { dispatcher, host: url.host, proxy: proxy?.host }
    roads.set(key, road)
    return road
  }

  return {
    roadTo(url, connectMs) {
      const key = `${url.origin} ${connectMs}`
      const known = roads.get(key)
      if (known) return known
      let pending = opening.get(key)
      if (!pending) {
        pending = open(key, url, connectMs).finally(() => opening.delete(key))
        opening.set(key, pending)
      }
      return pending
    },
    async warm() {
      await loadPool()
    },
    async close() {
      await Promise.allSettled(opening.values())
      const open = [...roads.values()]
      roads.clear()
      await Promise.all(open.map(({ dispatcher }) => dispatcher.destroy()))
    },
  }
}

type Connect = { timeout: number; ca?: string[] }

const loadPool = () => import('undici/lib/dispatcher/pool.js')

async function direct(url: URL, connect: Connect): Promise<Dispatcher> {
  const { default: Pool } = await loadPool()
  return new Pool(url.origin, { ...poolOptions, connect: { ...connect, allowH2: false } })
}

async function throughProxy(proxy: URL, connect: Connect): Promise<Dispatcher> {
  // Through a proxy the whole package is needed: its index gives the dispatchers their connect().
  const { ProxyAgent } = await import('undici')
  const tls = { ...connect, allowH2: false }
  return new ProxyAgent({
    ...poolOptions,
    uri: proxy.href,
    requestTls: tls,
    proxyTls: tls,
    connectTimeout: connect.timeout,
  })
}
