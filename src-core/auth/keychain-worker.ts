import type { KeychainBackendName } from '../config/schema.ts'
import type { KeychainBackend } from './keychain-backend.ts'

/** One at a time, answered in order. */
export type KeychainCall =
  | { type: 'get'; entry: string }
  | { type: 'set'; entry: string; value: string }
  | { type: 'delete'; entry: string }

/** A value that is undefined does not cross: it is missing on the other side. */
export type KeychainAnswer = { value?: string | boolean } | { problem: string }

const [backendName, service] = process.argv.slice(2) as [KeychainBackendName, string]
const loading = load()
loading.catch(() => {}) // whoever calls hears of it

async function load(): Promise<KeychainBackend> {
  if (backendName === 'keytar') return (await import('./keytar.ts')).createKeytar(service)
  return (await import('./keyring.ts')).createKeyring(service)
}

process.on('message', async (call: KeychainCall) => {
  process.send?.(await answer(call))
})
// An ordinary exit would wait for a prompt nobody answers.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

async function answer(call: KeychainCall): Promise<KeychainAnswer> {
  try {
    return { value: await perform(call, await loading) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

async function perform(call: KeychainCall, backend: KeychainBackend): Promise<string | boolean | undefined> {
  switch (call.type) {
    case 'get':
      return backend.get(call.entry)
    case 'set':
      await backend.set(call.entry, call.value)
      return undefined
    case 'delete':
      return backend.delete(call.entry)
  }
}
