import type { ProviderNames } from './check-providers.ts'
import { nearest, suggestion } from './nearest.ts'
import type { Path, Report } from './problem.ts'
import { parseTargetName } from './target-name.ts'

export type Providers = ReadonlyMap<string, ProviderNames>

/** A target must name a configured provider, one of its credentials, and a model that is declared or let through. */
export function checkTarget(text: string, path: Path, providers: Providers, report: Report): void {
  const name = parseTargetName(text)
  if (!name) {
    const owner = [...providers].find(([, { models }]) => models.includes(text))?.[0]
    const example = owner ? `${owner}.${text}` : 'litellm.gpt-5'
    report(path, `${text} is no target`, `Write provider.model, for example ${example}.`)
    return
  }
  const provider = providers.get(name.provider)
  if (!provider) {
    const hint = suggestion(name.provider, providers.keys(), 'Add it under virtualrouter.providers.')
    report(path, `unknown provider ${name.provider}`, hint)
    return
  }
  if (name.alias !== undefined && !provider.aliases.includes(name.alias)) {
    const hint = suggestion(name.alias, provider.aliases, 'Give the credential an alias under auth.')
    report(path, `unknown credential ${name.alias} at provider ${name.provider}`, hint)
  }
  if (name.model !== '*' && !provider.models.some((pattern) => matches(pattern, name.model))) {
    const models = `virtualrouter.providers.${name.provider}.models`
    const near = nearest(name.model, provider.models)
    const meant = near === undefined ? '' : `Did you mean ${name.provider}.${near}? Otherwise d`
    const hint = `${meant || 'D'}eclare it under ${models}, or let any name through with "*": {}.`
    report(path, `unknown model ${name.model} at provider ${name.provider}`, hint)
  }
}

/** `*` stands for any run of characters. Linear: each piece is looked for once, from the left. */
export function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces[0]!
  if (pieces.length === 1) return pattern === name
  const last = pieces.at(-1)!
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  const end = name.length - last.length
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at)
    if (found < 0 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}
