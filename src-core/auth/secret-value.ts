import { GatewayError } from '../model/error.ts'

/** One line of visible text; anything else would tear the header it goes into. `where` says whose it is. */
export function cleanSecret(text: string, where: string): string {
  const value = text.replace(/^\uFEFF/, '').trim()
  if (value === '') throw noSecret(`${where} is empty`, 'Put the key into it.')
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(value)) {
    throw noSecret(`${where} holds more than a key`, 'It must be one line without special characters.')
  }
  return value
}

/** Whoever asked says for whom. */
export function noSecret(what: string, hint: string, cause?: unknown): GatewayError {
  return new GatewayError('no-credential', `${what}. ${hint}`, { cause })
}
