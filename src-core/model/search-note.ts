import type { ErrorKind } from './error.ts'
import type { Usage } from './event.ts'

/** One engine asked, in order: what it found, or why it failed. */
export interface SearchTry {
  engine: string
  ms: number
  hits: number
  usage?: Usage
  failure?: { kind: ErrorKind; message: string }
}

/** What happened in one web search, for the record, the log and the metrics. */
export interface SearchNote {
  query: string
  /** The engine that answered; undefined when none did. */
  engine?: string
  /** Why the first engine asked was the first. */
  because: string
  tries: SearchTry[]
  ms: number
  hits: number
}
