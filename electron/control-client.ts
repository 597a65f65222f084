import type { AnswerOf, CallName, InProcessControl, InputOf, Pushes, PushName } from '../src-core/index.ts'

/** The contract as the tray uses it: typed, and a refusal is thrown as its sentence. */
export interface ControlClient {
  ask<Name extends CallName>(name: Name, input: InputOf<Name>): Promise<AnswerOf<Name>>
  /** Returns what ends the listening. */
  hear(listener: (push: Push) => void): () => void
}

export type Push = { [Name in PushName]: { name: Name; value: Pushes[Name] } }[PushName]

/** `ended`: nobody waits for answers any more. */
export function createControlClient({ call, subscribe }: InProcessControl, ended: AbortSignal): ControlClient {
  return {
    async ask(name, input) {
      const told = await call(name, input, ended)
      if ('answer' in told) return JSON.parse(told.answer)
      throw new Error(JSON.parse(told.refusal).error.message)
    },
    hear: (listener) => subscribe((name, json) => listener({ name, value: JSON.parse(json) })),
  }
}
