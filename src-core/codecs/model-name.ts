import { GatewayError } from '../model/error.ts'

/** Far longer than any name; far shorter than what would fill headers, records and caches. */
const longest = 512

/** The name of a model goes into paths, headers and records: what no service would take is refused before that. */
export function requireModelName(name: string): string {
  if (name.length > longest) throw refused(`is ${name.length} characters long; Patchbay takes up to ${longest}`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (!name.isWellFormed() || /[\u0000-\u001f\u007f]/.test(name)) throw refused('holds control characters or half ones')
  return name
}

const refused = (because: string): GatewayError =>
  new GatewayError('bad-request', `model: the name of the model ${because}.`, { path: 'model' })
