import { z } from 'zod'
import { createJsonFile } from './json-file.ts'

/**
 * The names of what lies in the keychain, and when each was set; no values. A file, because a keychain cannot be listed
 * safely (keytar's listing crashes on a locked one), because looking at it must not unlock anything, and because a
 * running gateway sees in it that another process has set a value.
 */
export interface SecretNames {
  read(): Promise<ReadonlyMap<string, string>>
  note(name: string, setAt: Date): Promise<void>
  /** False when it was not among them. */
  forget(name: string): Promise<boolean>
}

const content = z.object({ version: z.literal(1), names: z.record(z.string(), z.string()) })
type Content = z.infer<typeof content>

export function createSecretNames(file: string): SecretNames {
  const names = createJsonFile({
    file,
    content,
    empty: (): Content => ({ version: 1, names: {} }),
    unreadable: { message: 'is not a list of names', hint: 'Remove it and set the secrets again.' },
  })
  return {
    read: async () => new Map(Object.entries((await names.read()).names)),
    async note(name, setAt) {
      await names.change((list) => {
        list.names[name] = setAt.toISOString()
        return true
      })
    },
    forget: (name) => names.change((list) => Object.hasOwn(list.names, name) && delete list.names[name]),
  }
}
