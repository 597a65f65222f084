/** One allowance of an account, as its service reports it. */
export interface QuotaBucket {
  /** The service's own name; left out: it counts for every model. */
  model?: string
  /** What is counted (`REQUESTS`, `TOKENS`), where the service says it. */
  counts?: string
  left?: number
  /** Of the whole, 0 to 1. */
  leftShare?: number
  /** Since the epoch: then it is whole again. */
  resetsAt?: number
}
