import type { ClientProtocol } from './case-file.ts'
import { blocksOf, type StreamBlock } from './stream-blocks.ts'

/** Why the protocol's own clients could not read this stream; nothing when they can. */
export function readingProblems(protocol: ClientProtocol, raw: string, chunks: readonly string[]): string[] {
  const { blocks, rest } = blocksOf(raw)
  switch (protocol) {
    case 'gemini':
      return geminiProblems(blocks, rest, chunks, false)
    case 'gemini-code-assist':
      return geminiProblems(blocks, rest, chunks, true)
    case 'openai-chat':
      return chatProblems(blocks, rest)
    case 'anthropic-messages':
      return anthropicProblems(blocks, rest)
    case 'openai-responses':
      return [...blocks.flatMap(nameProblems), ...leftover(rest)]
  }
}

function geminiProblems(blocks: StreamBlock[], rest: string, chunks: readonly string[], enveloped: boolean): string[] {
  const problems = blocks.flatMap((block) => {
    if (isBareError(block.raw)) return []
    if (!block.raw.trim().startsWith(enveloped ? 'data: ' : 'data:')) return [`a block that is no data: ${block.raw}`]
    if (/[\r\n]/.test(block.raw.trim())) return [`a block of more than one line: ${block.raw}`]
    if (parsed(block.data) === undefined) return [`data that is no JSON: ${block.data}`]
    return []
  })
  if (rest.trim() === '') return problems
  // the only thing allowed without a blank line: the error that ends the stream, alone in its read
  if (!isBareError(rest)) problems.push(`no blank line at the end: ${rest}`)
  else if (!chunks.some((chunk) => chunk.trim() === rest.trim())) problems.push('the bare error is no chunk of its own')
  return problems
}

function chatProblems(blocks: StreamBlock[], rest: string): string[] {
  const problems = leftover(rest)
  const data = blocks.filter((block) => !block.raw.split(/\r?\n/).every((line) => line.startsWith(':')))
  const failed = data.some((block) => (parsed(block.data) as { error?: unknown } | undefined)?.error)
  if (data.at(-1)?.data !== '[DONE]' && !failed) problems.push('no [DONE] at the end')
  for (const { data: text } of data.slice(0, -1)) {
    if (text === '[DONE]') problems.push('[DONE] before the end')
    else if (parsed(text) === undefined) problems.push(`data that is no JSON: ${text}`)
  }
  return problems
}

function anthropicProblems(blocks: StreamBlock[], rest: string): string[] {
  const problems = [...blocks.flatMap(nameProblems), ...leftover(rest)]
  let open: number | undefined
  let next = 0
  for (const block of blocks) {
    const event = parsed(block.data) as { type?: string; index?: number } | undefined
    if (event?.type === 'content_block_start') {
      if (open !== undefined) problems.push(`block ${event.index} starts while ${open} is open`)
      if (event.index !== next) problems.push(`block ${event.index} starts where ${next} was due`)
      open = event.index
      next++
    }
    if (event?.type === 'content_block_delta' && event.index !== open) problems.push(`a delta of closed ${event.index}`)
    if (event?.type === 'content_block_stop') {
      if (event.index !== open) problems.push(`block ${event.index} stops, open is ${open}`)
      open = undefined
    }
  }
  if (open !== undefined) problems.push(`block ${open} never stops`)
  return problems
}

function nameProblems(block: StreamBlock): string[] {
  const event = parsed(block.data) as { type?: string } | undefined
  if (event === undefined) return block.data === '[DONE]' ? [] : [`data that is no JSON: ${block.data}`]
  return block.name === event.type ? [] : [`event ${block.name} carries ${event.type}`]
}

function leftover(rest: string): string[] {
  return rest.trim() === '' ? [] : [`no blank line at the end: ${rest}`]
}

function isBareError(text: string): boolean {
  const error = (parsed(text) as { error?: { code?: unknown } } | undefined)?.error
  return typeof error?.code === 'number'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller says what was expected instead
  }
}
