import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bind, PortError } from './http/bind.ts'
import { createDrain } from './http/drain.ts'

/** The data port opened to the local network for a while, beside its own listener; it closes by itself. */
export interface Exposure {
  /** For so long from now on; while it is open only its end moves. Throws a PortError where nothing can be bound. */
  open(forMs: number): Promise<ExposureView>
  /** Lets open answers end for `drainMs` at most. */
  close(drainMs?: number): Promise<void>
  /** False also when its time ended while the computer slept and nobody has looked yet. */
  isOpen(): boolean
  current(): ExposureView | undefined
  listening(): readonly { host: string; port: number }[]
  /** Called when it opens, moves its end or closes. */
  subscribe(listener: () => void): () => void
}

export interface ExposureView {
  /** Since the epoch. */
  until: number
  urls: string[]
}

export interface ExposureOptions {
  /** This computer's own in the local network, now. */
  addresses(): string[]
  /** The data port's; the same on every address. */
  port(): number
  serverAt(address: string): Server
  now: () => number
}

/** A timer does not count the time a computer sleeps: the clock is looked at so often. */
const lookMs = 15_000
/** How long answers under way may go on when its time is over. */
const endMs = 10_000

const nowhere: readonly Listener[] = []

interface Listener {
  host: string
  port: number
  drain(drainMs: number): Promise<void>
}

export function createExposure({ addresses, port, serverAt, now }: ExposureOptions): Exposure {
  const listeners = new Set<() => void>()
  let open: { until: number; at: Listener[] } | undefined
  let opening: Promise<Listener[]> | undefined
  let timer: NodeJS.Timeout | undefined

  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }

  const isOpen = (): boolean => open !== undefined && now() < open.until

  function current(): ExposureView | undefined {
    if (!open || !isOpen()) return undefined
    return { until: open.until, urls: open.at.map((one) => `http://${one.host}:${one.port}`) }
  }

  function watch(): void {
    clearTimeout(timer)
    if (!open) return
    const left = open.until - now()
    if (left <= 0) void close()
    else timer = setTimeout(watch, Math.min(left, lookMs)).unref()
  }

  async function close(drainMs = endMs): Promise<void> {
    clearTimeout(timer)
    const ending = open?.at ?? []
    open = undefined
    if (ending.length > 0) tell()
    await Promise.all(ending.map(({ drain }) => drain(drainMs)))
  }

  async function listen(host: string): Promise<Listener> {
    const server = serverAt(host)
    const drain = createDrain(server)
    const { port: bound }: AddressInfo = await bind(server, host, port(), {
      port: 'Close that program, or set gateway.port in the config to a port that is free in the network too.',
      host: 'Look at the network connection of this computer.',
    })
    return { host, port: bound, drain }
  }

  /** An address that cannot be bound is left out, as long as there is another one. */
  async function listenAll(): Promise<Listener[]> {
    const tried = await Promise.allSettled(addresses().map(listen))
    const at = tried.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    const failed = tried.find((one) => one.status === 'rejected')
    if (at.length === 0) throw failed?.reason ?? new PortError('This computer has no address in a local network.')
    return at
  }

  return {
    isOpen,
    current,
    close,
    async open(forMs) {
      opening ??= open
        ? undefined
        : listenAll().finally(() => {
            opening = undefined
          })
      const at = open?.at ?? (await opening)!
      open ??= { until: 0, at }
      open.until = now() + forMs
      watch()
      tell()
      return current()!
    },
    listening: () => open?.at ?? nowhere,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
