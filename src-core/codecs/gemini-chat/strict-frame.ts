import type { SseFrame } from '../sse.ts'

const lineSeparator = Buffer.from('\u2028')
const paragraphSeparator = Buffer.from('\u2029')
/** What both begin with, and typographic quotes and dashes too. */
const general = lineSeparator.subarray(0, 2)

/** The CLI's reader ends a line at U+2028 and U+2029 too, which JSON lets stand as they are. */
export function hasLooseLineEnds(bytes: Buffer): boolean {
  return bytes.includes(general) && (bytes.includes(lineSeparator) || bytes.includes(paragraphSeparator))
}

export function escapeLineEnds(json: string): string {
  if (!json.includes('\u2028') && !json.includes('\u2029')) return json
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** One block the strictest reader takes: `data: `, one line of JSON, a blank line. */
export function strictFrame(json: string): string {
  return `data: ${escapeLineEnds(json)}\n\n`
}

/** The JSON text of a frame: its data, or, where an error was written bare, the block itself. '' when there is none. */
export function jsonOf(frame: SseFrame): string {
  if (frame.data !== '') return frame.data.startsWith('[DONE]') ? '' : frame.data
  const text = frame.bytes.toString('utf8').trim()
  return text.startsWith('{') || text.startsWith('[{') ? text : ''
}
