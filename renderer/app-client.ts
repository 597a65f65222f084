import type { AnswerOf, CallName, InputOf, Pushes, PushName } from '../src-core/control/contract.ts'
import { createBridgeClient } from './bridge-client.ts'
import { createHttpClient } from './http-client.ts'
import { takeToken } from './token.ts'

/** How the window asks and is told: the same over the desktop's bridge and over HTTP. */
export interface AppClient {
  /** Rejects with a CallError, whose message is a sentence for the user. */
  call<Name extends CallName>(name: Name, input: InputOf<Name>): Promise<AnswerOf<Name>>
  /** Listens from now on; returns what ends it. */
  subscribe(listener: (event: AppEvent) => void): () => void
}

export type Connection = 'connecting' | 'online' | 'offline' | 'no-token'

/** A push, or how the connection is. After `online` whatever was told before may be out of date. */
export type AppEvent =
  | { [Name in PushName]: { type: Name; value: Pushes[Name] } }[PushName]
  | { type: 'connection'; value: Connection }
  /** The desktop asks for a page. */
  | { type: 'page'; value: string }

/** What goes wrong with a call. */
export interface CallFailure {
  message: string
  /** The field of the input that is to blame. */
  path?: string
  problems?: readonly { path: string; message: string; hint?: string; line?: number }[]
}

export class CallError extends Error {
  override name = 'CallError'
  /** refused: the gateway said no; offline: it could not be asked; conflict: the config is not what it was. */
  kind: 'refused' | 'conflict' | 'offline' | 'no-token'
  path: string | undefined
  problems: NonNullable<CallFailure['problems']>

  constructor(kind: CallError['kind'], { message, path, problems = [] }: CallFailure) {
    super(message)
    this.kind = kind
    this.path = path
    this.problems = problems
  }
}

/** The desktop's bridge where there is one, else the control port this page came from. */
export function openAppClient(): AppClient {
  const { patchbay } = window
  if (patchbay) return createBridgeClient(patchbay)
  return createHttpClient({ base: '.', token: takeToken(window), fetch: (...asked) => fetch(...asked) })
}
