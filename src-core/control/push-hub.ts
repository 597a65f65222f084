import type { Pushes, PushName } from './contract.ts'

/** A push as it leaves: JSON without a secret, written once for all who listen. */
export type PushListener = (name: PushName, json: string) => void

export interface PushHub {
  /** Returns what ends the listening. */
  subscribe(listener: PushListener): () => void
}

export interface PushHubParts {
  /** Called when the first begins to listen, and returns what to do when the last has left: until then nobody pays. */
  start(push: <Name extends PushName>(name: Name, value: Pushes[Name]) => void): () => void
  redact(json: string): string
}

export function createPushHub({ start, redact }: PushHubParts): PushHub {
  const listeners = new Set<PushListener>()
  let stop: (() => void) | undefined

  return {
    subscribe(listener) {
      listeners.add(listener)
      stop ??= start((name, value) => {
        const json = redact(JSON.stringify(value))
        for (const told of listeners) told(name, json)
      })
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
  }
}
