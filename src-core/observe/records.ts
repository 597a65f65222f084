import type { Generate } from '../model/generate.ts'
import { exchangeAttributes } from './exchange-attributes.ts'
import type { Exchange } from './exchange-record.ts'
import { createExchangeStore, type ExchangeStore } from './exchange-store.ts'
import { createExchangeLog, type ExchangeLog } from './exchanges.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createRecordedBodies, type RecordedBodies } from './recorded-bodies.ts'
import type { Redactor } from './redact.ts'

/** Everything that remembers requests. */
export interface Records {
  exchanges: ExchangeLog
  store: ExchangeStore
  bodies: RecordedBodies
  metrics: Metrics
  /** Puts a record, and where they are wanted the bodies, beside every request that goes through. */
  around(generate: Generate): Generate
}

export interface RecordsOptions {
  now: () => number
  log: Log
  redactor: Redactor
  /** The database of the days before. */
  file: string
  /** As the config says at this moment. */
  settings: () => { gateway: { recordBodies: boolean }; logs: { days: number; maxMb: number } }
  listenerFailed: (thrown: unknown) => void
}

const megabyte = 1024 * 1024

export function createRecords({ now, log, redactor, file, settings, listenerFailed }: RecordsOptions): Records {
  const exchanges = createExchangeLog({ now, listenerFailed })
  const metrics = createMetrics({ exchanges })
  const bodies = createRecordedBodies({ wanted: () => settings().gateway.recordBodies, redactor })
  const store = createExchangeStore({
    file,
    keeping: () => ({ days: settings().logs.days, maxBytes: settings().logs.maxMb * megabyte }),
    redactor,
    unavailable: (because) => log.warn('exchanges are kept in memory only', { file, because }),
    lost: (count) => log.warn('exchanges came faster than they could be written down', { count }),
  })
  exchanges.subscribe(({ type, exchange }) => {
    if (type !== 'ended') return
    log[isTrouble(exchange) ? 'warn' : 'info']('exchange', () => exchangeAttributes(exchange))
    store.add(exchange)
  })
  return {
    exchanges,
    store,
    bodies,
    metrics,
    around: (generate) => exchanges.withExchangeLog(bodies.withBodies(generate)),
  }
}

/** A client that leaves is no trouble. */
const isTrouble = ({ error }: Exchange): boolean => error !== undefined && error.kind !== 'client-gone'
