import { checkInput } from './check-input.ts'
import { type CallName, contract, type Handlers } from './contract.ts'
import { ControlError, type Refusal, refusalOf } from './control-error.ts'

/** The contract's calls as every binding makes them: input checked once, answers and refusals without a secret. */
export interface Calls {
  /** The answer as JSON. Throws what `refuse` puts into words. */
  answer(call: string, input: unknown, signal: AbortSignal): Promise<string>
  refuse(call: string, thrown: unknown): { status: number; json: string }
}

export interface CallsParts {
  handlers: Handlers
  /** The last look at an answer before it leaves: no secret in use goes out. */
  redact(json: string): string
  /** Told of what nobody foresaw. */
  failed(call: string, thrown: unknown): void
}

/** The config's text is the user's own file: what an editor saves must be what was there. Client keys are for copying. */
const toldAsItIs: readonly CallName[] = [
  'getConfig',
  'draftConfig',
  'getConfigVersion',
  'getClientKey',
  'createClientKey',
]

export const callNames = Object.keys(contract)
const isCall = (name: string): name is CallName => Object.hasOwn(contract, name)

export function createCalls({ handlers, redact, failed }: CallsParts): Calls {
  return {
    async answer(call, input, signal) {
      if (!isCall(call)) {
        throw new ControlError('missing', `There is no call ${call.slice(0, 100)}. Calls are: ${callNames.join(', ')}.`)
      }
      // the table of handlers has each call's own type; a loop over all of them cannot name it
      const handler = handlers[call] as (input: unknown, signal: AbortSignal) => unknown
      const json = JSON.stringify(await handler(checkInput(contract[call].input, input), signal))
      return toldAsItIs.includes(call) ? json : redact(json)
    },
    refuse(call, thrown) {
      const refusal = refusalOf(thrown) ?? internal
      if (refusal === internal) failed(call.slice(0, 100), thrown)
      return { status: refusal.status, json: redact(JSON.stringify({ error: refusal.error })) }
    },
  }
}

const internal: Refusal = { status: 500, error: { message: 'Patchbay failed on this call. The log has the details.' } }
