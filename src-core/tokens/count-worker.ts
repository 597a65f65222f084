import { parentPort } from 'node:worker_threads'
import { countTokens, setMergeCacheSize } from 'gpt-tokenizer/encoding/o200k_base'
import { countExactly } from './exact-count.ts'
import type { Section, SectionCount } from './section.ts'

export interface CountRequest {
  bytes: ArrayBuffer
  sections: readonly Section[]
}

export type CountReply = readonly SectionCount[]

/** What looks like a special token in a conversation is only text about it. */
const plain = { disallowedSpecial: new Set<string>() }
const tokensOf = (text: string): number => countTokens(text, plain)

setMergeCacheSize(50_000)
parentPort?.on('message', ({ bytes, sections }: CountRequest) => {
  const body = Buffer.from(bytes)
  const reply: CountReply = sections.map((section) => countExactly(body, section, tokensOf))
  parentPort?.postMessage(reply)
})
