import { contentOf, type Section, type SectionCount } from './section.ts'
import { unescaped } from './unescaped.ts'

/** One section by the true tokenizer. For the worker: it takes its time. */
export function countExactly(body: Buffer, section: Section, tokensOf: (text: string) => number): SectionCount {
  const { pieces, media } = contentOf(body, section)
  let text = 0
  for (const { start, end, json } of pieces) {
    const written = body.toString('utf8', start, end)
    text += tokensOf(json ? compact(written) : unescaped(written))
  }
  return { text, media }
}

/** Without the white space of its layout, which no model is shown. What does not parse stays as it is. */
function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json))
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return json
    throw thrown
  }
}
