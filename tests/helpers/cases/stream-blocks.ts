export interface StreamBlock {
  /** The text between two blank lines. */
  raw: string
  name?: string
  /** The data lines, joined. */
  data: string
}

/** A stream's text cut at its blank lines; what is left after the last one comes as `rest`. */
export function blocksOf(raw: string): { blocks: StreamBlock[]; rest: string } {
  const pieces = raw.split(/\r\n\r\n|\n\n|\r\r/)
  const rest = pieces.pop() ?? ''
  const blocks = pieces.filter((piece) => piece.trim() !== '').map(readBlock)
  return { blocks, rest }
}

function readBlock(raw: string): StreamBlock {
  const data: string[] = []
  let name: string | undefined
  for (const line of raw.split(/\r\n|\n|\r/)) {
    if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
    if (line.startsWith('event:')) name = line.slice(6).trim()
  }
  return { raw, data: data.join('\n'), ...(name === undefined ? {} : { name }) }
}
