import { net, powerMonitor } from 'electron'
import type { ControlClient } from './control-client.ts'
import { restingForTheNetwork } from './resting-for-network.ts'

const lookMs = 5000

/** After sleep, and when the network comes back, what rested because of it is forgotten. Returns what ends it. */
export function followNetwork(control: ControlClient, failed: (thrown: unknown) => void): () => void {
  let online = net.isOnline()
  const wake = (): void => {
    forgetRests(control).catch(failed)
  }
  const look = setInterval(() => {
    const now = net.isOnline()
    if (now && !online) wake()
    online = now
  }, lookMs)
  powerMonitor.on('resume', wake)
  return () => {
    clearInterval(look)
    powerMonitor.off('resume', wake)
  }
}

async function forgetRests({ ask }: ControlClient): Promise<void> {
  for (const target of restingForTheNetwork(await ask('getHealth', {}))) await ask('resetHealth', { target })
}
