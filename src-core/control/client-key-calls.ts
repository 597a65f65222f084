import { type ClientKeys, firstKeyName } from '../auth/client-keys.ts'
import type { Handlers } from './contract.ts'
import { badInput, ControlError } from './control-error.ts'

type ClientKeyCalls = Pick<Handlers, 'getClientKey' | 'listClientKeys' | 'createClientKey' | 'revokeClientKey'>

export interface ClientKeyParts {
  /** The one named `default`; null where none is asked for. */
  clientKey(): string | null
  clientKeys: Pick<ClientKeys, 'list' | 'create' | 'revoke'>
}

/** More are possible, but nobody could tell them apart. */
const mostKeys = 100

export function clientKeyCalls({ clientKey, clientKeys }: ClientKeyParts): ClientKeyCalls {
  return {
    getClientKey: () => ({ clientKey: clientKey() }),
    listClientKeys: () => ({ keys: clientKeys.list() }),
    async createClientKey({ name }) {
      if (clientKeys.list().length >= mostKeys) {
        throw badInput('name', `There are ${mostKeys} client keys. Revoke one that nobody uses.`)
      }
      const key = await clientKeys.create(name)
      if (key === false) throw badInput('name', `There is a client key named ${name} already.`)
      return { name, key }
    },
    async revokeClientKey({ name }) {
      if (name === firstKeyName) {
        const words = `The key named ${name} stays: the clients Patchbay connects by itself show it.`
        throw new ControlError('refused', words, { path: 'name' })
      }
      if (!(await clientKeys.revoke(name))) throw new ControlError('missing', `There is no client key named ${name}.`)
      return { name }
    },
  }
}
