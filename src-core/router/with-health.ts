import { GatewayError } from '../model/error.ts'
import type { CallTarget } from '../model/generate.ts'
import type { Health } from './health.ts'

/**
 * Records how each call to a target ended. Our own faults and the client's have no health consequence,
 * and a call that the client or the deadline cut short says nothing about the target.
 */
export function withHealth(callTarget: CallTarget, health: Health): CallTarget {
  return async function* (target, request, signal) {
    let failed = false
    const fail = (error: GatewayError): void => {
      if (!failed && !signal.aborted) health.record(target, error)
      failed = true
    }
    try {
      for await (const chunk of callTarget(target, request, signal)) {
        for (const event of chunk.events) {
          if (event.type === 'error') fail(event.error)
          else if (event.type === 'response-end' && !failed) health.record(target, 'ok')
        }
        yield chunk
      }
    } catch (thrown) {
      fail(GatewayError.from(thrown))
      throw thrown
    }
  }
}
