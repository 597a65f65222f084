import { parentPort } from 'node:worker_threads'
import { countExactly } from './exact-count.ts'
import type { Section, SectionCount } from './section.ts'
import { trueTokens } from './true-tokens.ts'

export interface CountRequest {
  bytes: ArrayBuffer
  sections: readonly Section[]
}

export type CountReply = readonly SectionCount[]

parentPort?.on('message', ({ bytes, sections }: CountRequest) => {
  const body = Buffer.from(bytes)
  const reply: CountReply = sections.map((section) => countExactly(body, section, trueTokens))
  parentPort?.postMessage(reply)
})
