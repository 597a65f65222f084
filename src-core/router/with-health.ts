import { GatewayError } from '../model/error.ts'
import type { CallTarget } from '../model/generate.ts'
import { watch } from '../model/watch.ts'
import type { Health } from './health.ts'

/**
 * Records how each call to a target ended. Our own faults and the client's have no health consequence,
 * and a call that the client or the deadline cut short says nothing about the target.
 */
export function withHealth(callTarget: CallTarget, health: Pick<Health, 'record'>, now: () => number): CallTarget {
  return (target, request, caller) => {
    const begunAt = now()
    let failed = false
    const fail = (error: GatewayError): void => {
      if (!failed && !caller.signal.aborted) health.record(target, error)
      failed = true
    }
    return watch(callTarget(target, request, caller), {
      chunk({ events }) {
        for (const event of events) {
          if (event.type === 'response-end' && !failed) health.record(target, 'ok', begunAt)
        }
      },
      failed: (thrown) => fail(GatewayError.from(thrown)),
    })
  }
}
