import type { ExchangeHistory } from '../observe/exchange-history.ts'
import type { ExchangeView } from '../observe/exchange-view.ts'
import type { RecordedBodies, RecordedRequest } from '../observe/recorded-bodies.ts'
import type { Handlers } from './contract.ts'
import { ControlError } from './control-error.ts'

type ExchangeCalls = Pick<Handlers, 'listExchanges' | 'getExchange' | 'replayExchange' | 'sayHello' | 'getUsage'>

export interface ExchangeParts {
  history: ExchangeHistory
  bodies: RecordedBodies
  /** Whether bodies are recorded at this moment. */
  recording(): boolean
  /** Sends a recorded request to one target; resolves with the new exchange's id once it has ended. */
  replay(recorded: RecordedRequest, target: string, signal: AbortSignal): Promise<string>
  /** Sends one small request; resolves once it has ended, well or not. */
  hello(model: string, signal: AbortSignal): Promise<string>
}

export function exchangeCalls({ history, bodies, recording, replay, hello }: ExchangeParts): ExchangeCalls {
  async function find(id: string): Promise<ExchangeView> {
    const exchange = await history.get(id)
    if (exchange) return exchange
    throw new ControlError('missing', `There is no exchange ${id}: it is older than what is kept.`, { path: 'id' })
  }

  return {
    listExchanges: (query) => history.page(query),
    async getExchange({ id }) {
      return { ...(await find(id)), bodies: bodies.shown(id) }
    },
    async replayExchange({ id, target }, signal) {
      const exchange = await find(id)
      const recorded = bodies.request(id)
      if (!recorded) throw new ControlError('refused', whyNot(exchange, recording()), { path: 'id' })
      const again = await replay(recorded, target, signal)
      return { id: again, exchange: await find(again) }
    },
    async sayHello({ model }, signal) {
      const id = await hello(model, signal)
      return { id, exchange: await find(id) }
    },
    getUsage: async (query) => ({ rows: await history.usage(query) }),
  }
}

function whyNot({ id }: ExchangeView, recording: boolean): string {
  return recording
    ? `The request of ${id} is no longer there: bodies are kept in memory only, and only the latest ones.`
    : `The request of ${id} was not recorded. Set gateway.recordBodies: true in the config; it counts from the next request.`
}
