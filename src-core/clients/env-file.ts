import { ConnectError } from './connect-error.ts'
import { hidden, type KeyedDocument, lineEnding, replaceKnown } from './keyed-document.ts'

/** The grammar of dotenv 16, which the Gemini CLI uses, so that both read the same file alike. */
const line =
  /(?:^|^)\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/dgm

/** A `.env` file. Keys are variable names; of two equal names the last one counts. */
export const envFile: KeyedDocument = {
  // dotenv skips what it does not understand, and so do we.
  check: () => {},
  depth: (text, key) => (entry(text, key) ? 1 : 0),

  find(text, key) {
    const found = entry(text, key)
    return found && { value: unquote(found.raw), raw: found.raw }
  },

  set(text, key, value) {
    if (entry(text, key)) return this.setRaw(text, key, quote(key, value))
    const eol = lineEnding(text)
    const gap = text === '' || /[\r\n]$/.test(text) ? '' : eol
    return [{ offset: text.length, removed: '', inserted: `${gap}${key}=${quote(key, value)}${eol}` }]
  },

  setRaw(text, key, raw) {
    const found = entry(text, key)
    if (!found || found.raw === raw) return []
    return [{ offset: found.offset, removed: found.raw, inserted: raw }]
  },

  remove(text, key) {
    const found = entry(text, key)
    if (!found) return []
    const start = Math.max(text.lastIndexOf('\n', found.name), text.lastIndexOf('\r', found.name)) + 1
    const afterValue = found.offset + found.raw.length
    const rest = /^[^\r\n]*(\r\n|\n|\r)?/.exec(text.slice(afterValue))![0]
    const comment = rest.indexOf('#')
    const end = afterValue + (comment >= 0 ? comment : rest.length)
    return [{ offset: start, removed: text.slice(start, end), inserted: '' }]
  },

  isEmpty: (text) => text.trim() === '',

  mask(text, known) {
    let shown = text
    for (const found of entries(text).reverse()) {
      if (found.raw === '' || open.has(found.key)) continue
      const value = hidden(unquote(found.raw), known)
      const masked = value.includes('<hidden>') ? hidden(found.raw, new Map()) : value
      shown = shown.slice(0, found.offset) + masked + shown.slice(found.offset + found.raw.length)
    }
    return replaceKnown(shown, known)
  },
}

/** The names whose values a diff may show. */
const open = new Set(['GOOGLE_GEMINI_BASE_URL', 'NO_PROXY', 'no_proxy', 'GEMINI_MODEL'])

interface Entry {
  key: string
  name: number
  offset: number
  raw: string
}

function entries(text: string): Entry[] {
  return [...text.matchAll(line)].map((match) => {
    const [name, nameEnd] = match.indices![1]!
    const value = match.indices![2]
    if (!value) {
      const separator = nameEnd + text.slice(nameEnd).search(/[=:]/) + 1
      return { key: match[1]!, name, offset: separator, raw: '' }
    }
    const raw = match[2]!.trim()
    return { key: match[1]!, name, offset: value[0] + match[2]!.indexOf(raw), raw }
  })
}

function entry(text: string, key: string): Entry | undefined {
  return entries(text).findLast((candidate) => candidate.key === key)
}

function unquote(raw: string): string {
  const quoted = /^(['"`])([\s\S]*)\1$/.exec(raw)
  if (!quoted) return raw
  if (quoted[1] !== '"') return quoted[2]!
  return quoted[2]!.replaceAll('\\n', '\n').replaceAll('\\r', '\r')
}

function quote(key: string, value: string): string {
  if (/^[\w.:/@%+,=~*[\]-]+$/.test(value)) return value
  for (const mark of ["'", '"', '`']) {
    if (value.includes(mark)) continue
    const raw = mark + value + mark
    const read = entries(`${key}=${raw}\n`)
    if (read.length === 1 && read[0]!.raw === raw && unquote(raw) === value) return raw
  }
  throw new ConnectError(`The value of ${key} has characters that a .env file cannot hold.`)
}
