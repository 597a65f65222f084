import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { GatewayProcess } from '../helpers/gateway-process.ts'

/** For the environment of a process whose memory is to be read: its inspector, when asked for, takes any free port. */
export const inspectable = { NODE_OPTIONS: '--inspect-port=0' }

export interface Memory {
  /** What is still in use after a full collection, buffers included, in bytes. */
  used: number
  resident: number
}

export interface SettledMemory {
  /** Waits until the gateway has nothing to do, collects its garbage, and reads. */
  read(): Promise<Memory>
  close(): void
}

/** A gateway's memory without what only waits to be collected. The gateway must have been started `inspectable`. */
export async function settledMemory(gateway: GatewayProcess): Promise<SettledMemory> {
  process.kill(gateway.pid, 'SIGUSR1')
  const socket = new WebSocket(await inspectorOf(gateway))
  await once(socket, 'open')
  let count = 0

  async function command(method: string): Promise<Record<string, number>> {
    const id = ++count
    socket.send(JSON.stringify({ id, method }))
    for (;;) {
      const [event] = (await once(socket, 'message')) as [MessageEvent]
      const told = JSON.parse(String(event.data))
      if (told.id === id) return told.result
    }
  }

  return {
    async read() {
      await idle(gateway)
      await command('HeapProfiler.collectGarbage')
      const { usedSize = 0, backingStorageSize = 0 } = await command('Runtime.getHeapUsage')
      return { used: usedSize + backingStorageSize, resident: await gauge(gateway, 'process_resident_memory_bytes') }
    },
    close: () => socket.close(),
  }
}

async function inspectorOf(gateway: GatewayProcess): Promise<string> {
  const giveUp = Date.now() + 20_000
  while (Date.now() < giveUp) {
    const address = /Debugger listening on (ws:\S+)/.exec(gateway.stderr())?.[1]
    if (address) return address
    await wait(25)
  }
  throw new Error(`the inspector did not open\n${gateway.stderr()}`)
}

async function idle(gateway: GatewayProcess): Promise<void> {
  const giveUp = Date.now() + 60_000
  for (;;) {
    const open = await gauge(gateway, 'patchbay_open_exchanges')
    if (open === 0) return
    if (Date.now() > giveUp) throw new Error(`${open} requests have no client any more and do not end`)
    await wait(50)
  }
}

/** One figure of the gateway's own metrics. */
export async function gauge({ url }: GatewayProcess, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}
