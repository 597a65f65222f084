import { parentPort, workerData } from 'node:worker_threads'
import { type ExchangeDatabase, type Keeping, openExchangeDatabase } from './exchange-database.ts'
import type { ExchangeView } from './exchange-view.ts'

/** What the store asks its worker, one at a time, answered in order. */
export type StoreCall =
  /** `json`: a list of views as one text, which crosses threads faster than objects do. */
  | { type: 'add'; json: string; keeping: Keeping }
  | { type: 'prune'; keeping: Keeping }
  | { type: 'page'; query: Parameters<ExchangeDatabase['page']>[0] }
  | { type: 'get'; id: string }
  | { type: 'usage'; query: Parameters<ExchangeDatabase['usage']>[0] }
  | { type: 'close' }

export type StoreAnswer = { value: unknown } | { problem: string }

const pruneEveryMs = 10 * 60_000
/** Under load the size is looked after more often than that. */
const pruneEveryRecords = 5000

const { file } = workerData as { file: string }
const database = openExchangeDatabase({ file, now: Date.now })
let prunedAt = 0
let added = 0

parentPort!.on('message', (call: StoreCall) => {
  let answer: StoreAnswer
  try {
    answer = { value: perform(call) }
  } catch (error) {
    answer = { problem: error instanceof Error ? error.message : String(error) }
  }
  parentPort!.postMessage(answer)
})

function perform(call: StoreCall): unknown {
  switch (call.type) {
    case 'add': {
      const views = JSON.parse(call.json) as ExchangeView[]
      database.add(views)
      added += views.length
      if (added >= pruneEveryRecords || Date.now() - prunedAt > pruneEveryMs) prune(call.keeping)
      return undefined
    }
    case 'prune':
      return prune(call.keeping)
    case 'page':
      return database.page(call.query)
    case 'get':
      return database.get(call.id)
    case 'usage':
      return database.usage(call.query)
    case 'close':
      return database.close()
  }
}

function prune(keeping: Keeping): void {
  prunedAt = Date.now()
  added = 0
  database.prune(keeping)
}
