import type { Found, Importable } from '../auth/import/importable.ts'
import { accountId, accountNamed } from '../auth/oauth/account.ts'
import type { Accounts } from '../auth/oauth/accounts.ts'
import type { SecretStore, Stored } from '../auth/secret-store.ts'
import type { OAuthSettings } from '../config/oauth-settings.ts'
import type { CheckedInputOf, Handlers } from './contract.ts'
import { badInput, ControlError } from './control-error.ts'

type ImportCalls = Pick<Handlers, 'previewImport' | 'importCredential'>
type Asked = CheckedInputOf<'importCredential'>

export interface ImportParts {
  imports: {
    find(): Promise<Found[]>
    accounts: Pick<Accounts, 'list' | 'put' | 'locked'>
    secrets: Pick<SecretStore, 'list' | 'set'>
    provider(id: string): Owner | undefined
    /** This credential (`provider[alias]`) may serve again. */
    restored(credential: string): void
  }
}

interface Owner {
  id: string
  profile: string
  oauth?: OAuthSettings
  credentials: readonly { alias: string; type: string; account?: string }[]
}

/** A person waits for the keychain's question. */
const patienceMs = 60_000

/** What other programs hold is shown without its worth, and copied into the keychain when asked for. */
export function importCalls({ imports }: ImportParts): ImportCalls {
  return {
    previewImport: async () => ({ found: (await imports.find()).map(forTheEye) }),
    async importCredential(asked) {
      const found = (await imports.find()).find(({ id }) => id === asked.id)
      if (!found) throw new ControlError('missing', `There is nothing to import named ${asked.id}.`)
      if (found.hurdle !== undefined) throw new ControlError('refused', `Nothing was imported: ${found.hurdle}`)
      return found.kind === 'key' ? takeKey(found, asked, imports) : takeAccount(found, asked, imports)
    },
  }
}

const forTheEye = ({ account: _, key: __, ...shown }: Found): Importable => shown

async function takeKey(found: Found, asked: Asked, { secrets }: ImportParts['imports']) {
  const name = asked.secret ?? found.profile
  if ((await secrets.list()).includes(name)) {
    throw new ControlError(
      'refused',
      `There is a secret ${name} already: name another in "secret", or delete it first.`,
    )
  }
  const stored = await secrets.set(name, found.key!)
  return { id: found.id, secret: name, words: `${where(stored)} Write "keychain:${name}" in the config.` }
}

async function takeAccount(found: Found, asked: Asked, { accounts, provider, restored }: ImportParts['imports']) {
  const owner = asked.provider === undefined ? undefined : provider(asked.provider)
  if (owner?.profile !== found.profile) {
    throw badInput('provider', `Name the provider it is for: one with the profile ${found.profile}.`)
  }
  // what a login is renewed by belongs to the program that signed in
  if (owner.oauth?.client !== 'installed-gemini-cli') {
    const words = `Google renews this login for the Gemini CLI alone, and forbids other programs to act as it. If you accept that risk, write oauth: { client: installed-gemini-cli } at provider ${owner.id}; else sign in with an OAuth client of your own.`
    throw new ControlError('refused', words)
  }
  const logins = owner.credentials.filter(({ type }) => type === 'oauth')
  const account = accountNamed(owner.id, logins, asked.alias)
  const stored = await accounts.locked(account, async () => {
    if ((await accounts.list()).includes(account)) {
      throw new ControlError('refused', `${account} is signed in: sign out first.`)
    }
    return accounts.put(account, found.account!, patienceMs)
  })
  for (const login of logins) if (accountId(owner.id, login) === account) restored(`${owner.id}[${login.alias}]`)
  return { id: found.id, account, words: where(stored) }
}

function where(stored: Stored): string {
  if (stored.kept === 'keychain') return 'It is in the keychain now; the file or variable it came from is as it was.'
  return `It counts until Patchbay ends, because ${stored.because.message}. ${stored.because.hint}`
}
