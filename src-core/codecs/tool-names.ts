import { createHash } from 'node:crypto'

export interface ToolNameRules {
  maxLength: number
  /** Matches one legal character. */
  allowed: RegExp
  /** Matches a legal first character; any allowed one when left out. */
  first?: RegExp
}

export interface ToolNames {
  /** The name as this provider may be told; the same name always gives the same alias within a request. */
  toWire(name: string): string
  /** Wire name -> the client's name; holds only names that had to change. */
  toClient: ReadonlyMap<string, string>
}

const hashLength = 8

/** Reversible aliases for tool names a provider would refuse. Legal names pass unchanged. One per request. */
export function createToolNames({ maxLength, allowed, first = allowed }: ToolNameRules): ToolNames {
  const toWire = new Map<string, string>()
  const toClient = new Map<string, string>()
  const taken = new Map<string, string>()

  const isLegal = (name: string) => {
    if (name === '' || name.length > maxLength || !first.test(name[0]!)) return false
    for (const character of name) if (!allowed.test(character)) return false
    return true
  }

  const slugOf = (name: string) => {
    let slug = ''
    for (const character of name.slice(0, maxLength)) slug += allowed.test(character) ? character : '_'
    if (slug === '' || !first.test(slug[0]!)) slug = `t${slug}`
    return slug
  }

  const aliasOf = (name: string) => {
    const stem = slugOf(name).slice(0, maxLength - hashLength - 1)
    for (let salt = 0; ; salt++) {
      const hash = createHash('sha256').update(`${salt}:${name}`).digest('hex').slice(0, hashLength)
      const alias = `${stem}_${hash}`
      if (!taken.has(alias)) return alias
    }
  }

  return {
    toClient,
    toWire(name) {
      const known = toWire.get(name)
      if (known !== undefined) return known
      // A legal name that an alias already took must be aliased itself, or the two could not be told apart.
      const legal = isLegal(name) && !taken.has(name)
      const wire = legal ? name : aliasOf(name)
      toWire.set(name, wire)
      taken.set(wire, name)
      if (!legal) toClient.set(wire, name)
      return wire
    },
  }
}
