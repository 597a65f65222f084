import { clientGone } from './error.ts'

/** For one who waits for what belongs to several: rejects when this one leaves, and the others get it all the same. */
export async function orGone<Value>(shared: Promise<Value>, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) throw clientGone(signal.reason)
  const { promise: gone, reject } = Promise.withResolvers<never>()
  const leave = () => reject(clientGone(signal.reason))
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([shared, gone])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
