/** Why the system's keychain does not serve, as far as it matters to who wants a secret out of it or into it. */
export type KeychainTrouble = 'locked' | 'unavailable' | 'read-only'

/** `message` says what is in the way, `hint` what to do. Never the value that was to be kept. */
export class KeychainError extends Error {
  override name = 'KeychainError'
  trouble: KeychainTrouble
  hint: string

  constructor(trouble: KeychainTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.trouble = trouble
    this.hint = hints[trouble]
  }
}

const instead = 'use env:NAME or file:PATH in the config instead'
const hints: Record<KeychainTrouble, string> = {
  locked: `Unlock it and try again, or ${instead}.`,
  unavailable: `Start Patchbay where there is one (a desktop session), or ${instead}.`,
  'read-only': `Make it writable, or ${instead}.`,
}

/** What the libraries and systems say, by what it means; the first that matches. */
const meanings: [RegExp, KeychainTrouble, string][] = [
  [/autolaunch|DBUS_SESSION_BUS_ADDRESS/i, 'unavailable', 'there is no D-Bus session to reach the keychain by'],
  [/ServiceUnknown|not provided by any|NameHasNoOwner/i, 'unavailable', 'no keychain runs in this session'],
  [/no result found|does not exist at path/i, 'unavailable', 'the keychain has no keyring to keep anything in'],
  [/default keychain could not be found/i, 'unavailable', 'there is no default keychain'],
  [/no such logon session/i, 'unavailable', 'this logon session has no credential store'],
  [/read.?only|write permission|cannot be modified/i, 'read-only', 'the keychain is read-only'],
  [/dismissed|locked|cancell?ed/i, 'locked', 'the keychain is locked'],
  [/interaction is not allowed|passphrase you entered/i, 'locked', 'the keychain is locked'],
]

export function keychainError(said: string): KeychainError {
  const meaning = meanings.find(([pattern]) => pattern.test(said))
  if (meaning) return new KeychainError(meaning[1], meaning[2], said)
  return new KeychainError('unavailable', `the keychain cannot be used (${firstLine(said)})`, said)
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!.slice(0, 200)
