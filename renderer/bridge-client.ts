import type { AppClient, CallFailure } from './app-client.ts'
import { CallError } from './app-client.ts'

/** What the desktop's preload script gives the page, and nothing else. */
export interface Bridge {
  /** Resolves with the answer; rejects with the parts of a CallFailure and its `status`, or with an Error. */
  call(name: string, input: unknown): Promise<unknown>
  on(listener: (name: string, value: unknown) => void): () => void
  /** Tells the tray what the window speaks. */
  language(language: string): Promise<void>
}

declare global {
  interface Window {
    patchbay?: Bridge
  }
}

export function createBridgeClient(bridge: Pick<Bridge, 'call' | 'on'>): AppClient {
  return {
    async call(name, input) {
      try {
        // the main process checked the input and answers by the same contract
        return (await bridge.call(name, input)) as never
      } catch (thrown) {
        throw new CallError(kindOf(thrown), failureOf(thrown))
      }
    },
    subscribe(listener) {
      const end = bridge.on((type, value) => listener({ type, value } as Parameters<typeof listener>[0]))
      queueMicrotask(() => listener({ type: 'connection', value: 'online' }))
      return end
    },
  }
}

const isFailure = (thrown: unknown): thrown is CallFailure & { status?: number } =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown

const failureOf = (thrown: unknown): CallFailure => (isFailure(thrown) ? thrown : { message: String(thrown) })

const kindOf = (thrown: unknown): CallError['kind'] =>
  isFailure(thrown) && thrown.status === 409 ? 'conflict' : 'refused'
