/** What a path found: one value (undefined when it is not there), or every value of a list. */
export interface Found {
  many: boolean
  values: unknown[]
}

type Segment =
  | { type: 'key'; key: string }
  | { type: 'index'; index: number }
  | { type: 'every' }
  | { type: 'filter'; key: string; value?: string }
  | { type: 'anywhere'; key: string }

/** `a.b[0]`, `[-1]`, `[*]`, `[?key]`, `[?key=value]`, `..name`; the empty path is the whole. */
export function find(root: unknown, path: string): Found {
  let found: Found = { many: false, values: [root] }
  let before: Segment | undefined
  for (const segment of parsePath(path)) {
    found = step(found, segment, before)
    before = segment
  }
  return found
}

/** The found value, or the list of them. */
export function foundValue(found: Found): unknown {
  return found.many ? found.values : found.values[0]
}

function parsePath(path: string): Segment[] {
  const segments: Segment[] = []
  let rest = path
  while (rest !== '') {
    const [all, anywhere, bracket, key] = /^(?:\.\.([^.[\]]+)|\[([^\]]*)\]|\.?([^.[\]]+))/.exec(rest) ?? []
    if (all === undefined) throw new Error(`not a path: ${path}`)
    if (anywhere !== undefined) segments.push({ type: 'anywhere', key: anywhere })
    else if (bracket !== undefined) segments.push(parseBracket(bracket))
    else segments.push({ type: 'key', key: key! })
    rest = rest.slice(all.length)
  }
  return segments
}

function parseBracket(text: string): Segment {
  if (text === '*') return { type: 'every' }
  if (!text.startsWith('?')) return { type: 'index', index: Number(text) }
  const at = text.indexOf('=')
  if (at < 0) return { type: 'filter', key: text.slice(1) }
  return { type: 'filter', key: text.slice(1, at), value: text.slice(at + 1) }
}

function step({ many, values }: Found, segment: Segment, before: Segment | undefined): Found {
  switch (segment.type) {
    case 'key':
      return { many, values: values.map((value) => property(value, segment.key)) }
    case 'index': {
      // right after a choice of items the index is among the chosen, else inside each
      if (before?.type === 'filter' || before?.type === 'anywhere') {
        return { many: false, values: [values.at(segment.index)] }
      }
      return { many, values: values.map((value) => (Array.isArray(value) ? value.at(segment.index) : undefined)) }
    }
    case 'every':
      return { many: true, values: values.flatMap((value) => (Array.isArray(value) ? value : [])) }
    case 'filter': {
      const items = values.flatMap((value) => (Array.isArray(value) ? value : [value]))
      return { many: true, values: items.filter((item) => passes(item, segment)) }
    }
    case 'anywhere':
      return { many: true, values: values.flatMap((value) => [...anywhere(value, segment.key)]) }
  }
}

function passes(item: unknown, { key, value }: { key: string; value?: string }): boolean {
  const has = property(item, key)
  if (value === undefined) return has !== undefined && has !== null
  return has !== undefined && String(has) === value
}

function* anywhere(value: unknown, key: string): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const item of value) yield* anywhere(item, key)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (property(value, 'type') === key) yield value
  for (const [name, inner] of Object.entries(value)) {
    if (name === key) yield inner
    yield* anywhere(inner, key)
  }
}

function property(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Record<string, unknown>)[key]
}
