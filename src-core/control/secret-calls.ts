import { KeychainError } from '../auth/keychain-error.ts'
import type { SecretStore } from '../auth/secret-store.ts'
import type { ConfigStore } from '../config/store.ts'
import { usersOfSecret } from '../config/views.ts'
import { GatewayError } from '../model/error.ts'
import type { Handlers } from './contract.ts'
import { badInput, ControlError } from './control-error.ts'

type SecretCalls = Pick<Handlers, 'listSecrets' | 'setSecret' | 'deleteSecret'>

export interface SecretParts {
  store: Pick<ConfigStore, 'current'>
  secrets: Pick<SecretStore, 'list' | 'set' | 'delete'>
}

/** Values go in and never come out. */
export function secretCalls({ store, secrets }: SecretParts): SecretCalls {
  const usedBy = (name: string) => usersOfSecret(store.current().config, name)
  return {
    async listSecrets() {
      return { names: (await secrets.list()).map((name) => ({ name, usedBy: usedBy(name) })) }
    },
    async setSecret({ name, value }) {
      const stored = await secrets.set(name, value).catch(toInput)
      const words =
        stored.kept === 'keychain'
          ? `${name} is in the keychain and counts from the next request.`
          : `${name} counts until Patchbay ends, because ${stored.because.message}. ${stored.because.hint}`
      return { name, kept: stored.kept, usedBy: usedBy(name), words }
    },
    async deleteSecret({ name }) {
      if (!(await secrets.delete(name).catch(toRefusal)))
        throw new ControlError('missing', `There is no secret ${name}.`)
      const users = usedBy(name)
      const words = users.length === 0 ? 'Nothing used it.' : `Without a credential now: ${users.join(', ')}.`
      return { name, usedBy: users, words }
    },
  }
}

function toInput(thrown: unknown): never {
  throw thrown instanceof GatewayError ? badInput('value', thrown.message) : thrown
}

function toRefusal(thrown: unknown): never {
  if (!(thrown instanceof KeychainError)) throw thrown
  throw new ControlError('refused', `Nothing was deleted: ${thrown.message}. ${thrown.hint}`, { cause: thrown })
}
