import { isObject, type Json, type JsonObject } from '../model/json.ts'

const searchLimit = 32_768

/** The first object written inside a text, as JSON or as Python prints it, and where it begins. */
export function embeddedObject(text: string): { value: JsonObject; start: number } | undefined {
  let start = text.indexOf('{')
  for (let tries = 0; start >= 0 && start < searchLimit && tries < 4; tries++) {
    const end = closingBrace(text, start)
    if (end !== undefined) {
      const source = text.slice(start, end + 1)
      const value = asObject(source) ?? asObject(pythonToJson(source))
      if (value && Object.keys(value).length > 0) return { value, start }
    }
    start = text.indexOf('{', start + 1)
  }
  return undefined
}

function closingBrace(text: string, start: number): number | undefined {
  let depth = 0
  let quote = ''
  const end = Math.min(text.length, start + searchLimit)
  for (let at = start; at < end; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === '\\') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || (char === "'" && /[{[,:\s]/.test(text[at - 1] ?? ' '))) quote = char
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return at
  }
  return undefined
}

function asObject(source: string): JsonObject | undefined {
  try {
    const value = JSON.parse(source) as Json
    return isObject(value) ? value : undefined
  } catch {
    return undefined // not this notation
  }
}

/** `{'error': {'code': None}}` as JSON. */
function pythonToJson(source: string): string {
  return source.replace(
    /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\b(None|True|False)\b/g,
    (_all, single: string | undefined, double: string | undefined, word: string | undefined) => {
      if (word) return word === 'None' ? 'null' : word.toLowerCase()
      const inner = single ?? double ?? ''
      return JSON.stringify(inner.replace(/\\(["'\\])/g, '$1').replace(/\\n/g, '\n'))
    },
  )
}
