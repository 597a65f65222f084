import { ConfigError } from '../config/problem.ts'
import { GatewayError } from '../model/error.ts'

/** Why a call was refused, as one sentence for the person who asked. */
export class ControlError extends Error {
  override name = 'ControlError'
  /** input: what was asked makes no sense; missing: there is no such thing; refused: it would do harm as things are. */
  kind: keyof typeof statuses
  /** The field of the input, when one is to blame. */
  path: string | undefined

  constructor(kind: ControlError['kind'], message: string, { path, cause }: { path?: string; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    this.path = path
  }
}

export const badInput = (path: string, message: string): ControlError => new ControlError('input', message, { path })

const statuses = { input: 400, missing: 404, refused: 409 }
const configStatuses = { invalid: 400, missing: 404, changed: 409, unwritable: 500 }

export interface Refusal {
  status: number
  error: { message: string; path?: string; problems?: readonly { path: string; message: string; hint?: string }[] }
}

/** What an HTTP caller is told. undefined: nobody foresaw it, and it says nothing about itself. */
export function refusalOf(thrown: unknown): Refusal | undefined {
  if (thrown instanceof ControlError) {
    return { status: statuses[thrown.kind], error: { message: thrown.message, path: thrown.path } }
  }
  if (thrown instanceof ConfigError) {
    const { reason, message, problems } = thrown
    return { status: configStatuses[reason], error: { message, path: problems[0]?.path, problems } }
  }
  if (thrown instanceof GatewayError && thrown.kind !== 'internal') {
    return { status: thrown.consequence.status, error: { message: thrown.message, path: thrown.path } }
  }
  return undefined
}
