import type { Answer } from '../helpers/scripted-provider.ts'
import type { Client, Seen } from './clients.ts'

export type Service = 'openai' | 'azure-openai' | 'gemini'

/** What a client must see. Calls are those the gateway makes at all targets together. */
export interface Expected {
  end: Exclude<Seen['end'], 'garbled'>
  status: number
  /** Whose answer it is, or whose failure. */
  by: 'first' | 'second'
  calls: number
  words?: RegExp
  /** The wait the client is told, in seconds. */
  waitSeconds?: number
  /** Nothing may come earlier, in seconds. */
  notBefore?: number
}

/** The same for every client, or each by what it speaks and how. */
export type Expectation = Expected | ((client: Client) => Expected)

export interface Fault {
  name: string
  service: Service
  /** What the first target's service answers to its nth request of one client, counted from 1. */
  answer?: (asked: { stream: boolean; nth: number; key: string }) => Answer
  /** How the first target's provider differs from a usual one. */
  provider?: Record<string, unknown>
  /** No request can arrive at the first target. */
  unreachable?: boolean
  /** The first target is named by a mapping: it must answer, or say why not. */
  alone: Expectation
  /** A second target in the same pool, of another protocol family. */
  withSecond: Expectation
}

interface More {
  waitSeconds?: number
  notBefore?: number
}

export const answered = (by: Expected['by'], calls: number, more: More = {}): Expected => ({
  end: 'answer',
  status: 200,
  by,
  calls,
  ...more,
})

export const refused = (status: number, calls: number, words: RegExp, more: More = {}): Expected => ({
  end: 'refusal',
  status,
  by: 'first',
  calls,
  words,
  ...more,
})

/** Words have reached the client, so nobody else may answer any more. */
export const brokenOff = (words: RegExp): Expected => ({ end: 'broken', status: 200, by: 'first', calls: 1, words })

export const byForm =
  (stream: Expected, whole: Expected): Expectation =>
  (client) =>
    client.stream ? stream : whole

export const byDialect =
  (gemini: Expected, openai: Expected): Expectation =>
  (client) =>
    client.dialect === 'gemini' ? gemini : openai
