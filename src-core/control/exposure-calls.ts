import { isLoopbackHost } from '../config/loopback.ts'
import type { ConfigStore } from '../config/store.ts'
import { PortError } from '../http/bind.ts'
import type { Handlers } from './contract.ts'
import { ControlError } from './control-error.ts'

type ExposureCalls = Pick<Handlers, 'exposeToNetwork' | 'hideFromNetwork'>

export interface ExposureParts {
  store: Pick<ConfigStore, 'current'>
  url(): string
  exposure: {
    open(forMs: number): Promise<{ until: number; urls: string[] }>
    close(): Promise<void>
  }
}

const minute = 60_000

/** Opens the data port to the local network for a while. Never without a key, and never over this port. */
export function exposureCalls({ store, url, exposure }: ExposureParts): ExposureCalls {
  function whyNot(): string | undefined {
    if (!isLoopbackHost(new URL(url()).hostname))
      return 'Patchbay is reachable from the network already: gateway.host in the config says so.'
    if (store.current().config.gateway.clientAuth.mode === 'none')
      return 'Patchbay asks for no client key now. Have clients show the key first: without one anybody in the network could use your providers.'
    return undefined
  }

  return {
    async exposeToNetwork({ minutes }) {
      const because = whyNot()
      if (because !== undefined) throw new ControlError('refused', because)
      try {
        return await exposure.open(minutes * minute)
      } catch (thrown) {
        if (!(thrown instanceof PortError)) throw thrown
        throw new ControlError('refused', thrown.message, { cause: thrown })
      }
    },
    hideFromNetwork() {
      // answers under way may take their time: nobody waits for them here
      void exposure.close()
      return {}
    },
  }
}
