import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createCalls } from './control/calls.ts'
import type { ProviderTest } from './control/contract.ts'
import { createEventStreams } from './control/event-streams.ts'
import { createHandlers } from './control/handlers.ts'
import { viewHealth } from './control/health-calls.ts'
import { createControlServer } from './control/http.ts'
import { createPushHub, type PushHub } from './control/push-hub.ts'
import { startPushes } from './control/pushes.ts'
import { viewState } from './control/state.ts'
import { createWindowFiles } from './control/window-files.ts'
import { controlParts, type GatewayForControl } from './gateway-control-parts.ts'
import { bind, PortError } from './http/bind.ts'
import { createDrain } from './http/drain.ts'

/** The contract's calls and pushes without a port, for whoever runs in this process. */
export interface InProcessControl {
  /** Never rejects: the answer, or `{"error": …}` with its status as the control port would send them, as JSON. */
  call(
    name: string,
    input: unknown,
    signal: AbortSignal,
  ): Promise<{ answer: string } | { status: number; refusal: string }>
  subscribe: PushHub['subscribe']
}

export interface Control extends InProcessControl {
  /** What every caller must show; new at each start. */
  token: string
  /** `beside` this data port, or wherever there is room. Throws a PortError when a port asked for is taken. */
  listen(port: number | 'beside', dataPort: number): Promise<void>
  /** With the token in it; undefined while it does not listen. */
  url(): string | undefined
  listening(): { host: string; port: number }[]
  close(): Promise<void>
}

const host = '127.0.0.1'
const advice = {
  port: 'Start with --control-port N, or with --no-control.',
  host: 'Start with --no-control.',
}
/** How long a call under way may go on at the end. */
const closeMs = 1000

/** The half of the gateway that joins its control calls and pushes to a port, or to a window in this process. */
export function createControl(gateway: GatewayForControl): Control {
  const { store, health, redactor, log, records } = gateway
  const token = randomBytes(24).toString('base64url')
  const tests = new Set<(test: ProviderTest) => void>()
  const tellTest = (test: ProviderTest): void => {
    for (const listener of tests) listener(test)
  }
  const parts = controlParts(gateway, tellTest)
  const redact = redactor.text
  const pushes = createPushHub({
    redact: redactor.known,
    start: (push) =>
      startPushes(
        {
          state: () => viewState(parts),
          health: () => viewHealth(parts),
          accounts: gateway.accounts.view,
          onConfig: store.subscribe,
          onHealth: health.subscribe,
          onSwitch(listener) {
            const { pause, exposure, startAtLogin } = gateway
            const stops = [pause, exposure, startAtLogin].map(({ subscribe }) => subscribe(listener))
            return () => {
              for (const stop of stops) stop()
            }
          },
          onTest(listener) {
            tests.add(listener)
            return () => tests.delete(listener)
          },
          onAccount: gateway.accounts.subscribe,
          failed: (thrown) => log.error('accounts are not told', { error: thrown }),
          onExchange: records.exchanges.subscribe,
          redact,
        },
        push,
      ),
  })
  const events = createEventStreams({ firstListens: () => pushes.subscribe(events.push) })
  const calls = createCalls({
    handlers: createHandlers(parts),
    redact: redactor.known,
    failed: (call, thrown) => log.error('control call failed', { call, error: thrown }),
  })
  const server = createControlServer({
    calls,
    events,
    window: gateway.windowFolder === undefined ? undefined : createWindowFiles(gateway.windowFolder),
    token,
    host,
    bodyLimitBytes: () => store.current().config.gateway.bodyLimitMb * 1024 * 1024,
  })
  const drain = createDrain(server)
  let address: AddressInfo | undefined
  return {
    token,
    async call(name, input, signal) {
      try {
        return { answer: await calls.answer(name, input, signal) }
      } catch (thrown) {
        const { status, json } = calls.refuse(name, thrown)
        return { status, refusal: json }
      }
    },
    subscribe: pushes.subscribe,
    async listen(port, dataPort) {
      const wanted = port === 'beside' ? (dataPort % 65_535) + 1 : port
      address = await bind(server, host, wanted, advice).catch((thrown) => {
        if (port !== 'beside' || !(thrown instanceof PortError)) throw thrown
        log.info('the control port is taken, another free one serves', { taken: wanted })
        return bind(server, host, 0, advice)
      })
    },
    url: () => address && `http://${host}:${address.port}/?token=${token}`,
    listening: () => (address ? [{ host, port: address.port }] : []),
    async close() {
      events.close()
      await drain(closeMs)
    },
  }
}
