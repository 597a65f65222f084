import type { ByteRange } from '../model/request.ts'
import { contentOf, type Section, type SectionCount } from './section.ts'
import { unescaped } from './unescaped.ts'

/** One section by the true tokenizer. For the worker: it takes its time. */
export function countExactly(body: Buffer, section: Section, tokensOf: (text: string) => number): SectionCount {
  const { texts, json, media } = contentOf(body, section)
  let text = 0
  for (const range of texts) text += tokensOf(unescaped(written(body, range)))
  for (const range of json) text += tokensOf(compact(written(body, range)))
  return { text, media }
}

const written = (body: Buffer, { start, end }: ByteRange): string => body.toString('utf8', start, end)

/** Without the white space of its layout, which no model is shown. What does not parse stays as it is. */
function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json))
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return json
    throw thrown
  }
}
