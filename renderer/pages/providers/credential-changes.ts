import { type Config, type Provider, type Step, targetName, type Value } from '../../draft/config-value.ts'
import { usesOf } from './provider-uses.ts'

export type Credential = Exclude<NonNullable<Provider['auth']>, readonly unknown[]>

/** What one without a name goes by. */
const unnamed = 'default'

const place = (id: string) => ['virtualrouter', 'providers', id, 'auth']

const credentialsOf = ({ auth }: Pick<Provider, 'auth'>): readonly Credential[] =>
  auth === undefined ? [] : Array.isArray(auth) ? auth : [auth]

/** One more key, to take turns with what is there. A single credential becomes the first of a list. */
export function addCredential(config: Config, id: string): Step[] {
  const provider = config.virtualrouter.providers[id]!
  const credentials = credentialsOf(provider)
  const alias = freeAlias(credentials, 'key', credentials.length + 1)
  return appended(id, provider, { alias, type: 'apikey', secret: `keychain:${id}-${alias}` })
}

/** Has requests use an account, to take turns with what is there; a credential that asks for nothing gives way. */
export function addAccount(config: Config, id: string, account: string): Step[] {
  const provider = config.virtualrouter.providers[id]!
  const credentials = credentialsOf(provider)
  const isOpen = credentials.every(({ type }) => type === 'none' || type === 'client')
  if (isOpen && account === unnamed) return [{ path: place(id), value: { type: 'oauth' } }]
  if (isOpen) return [{ path: place(id), value: { alias: account, type: 'oauth' } }]
  const isTaken = credentials.some(({ alias = unnamed }) => alias === account)
  if (!isTaken) return appended(id, provider, { alias: account, type: 'oauth' })
  return appended(id, provider, { alias: freeAlias(credentials, account, 2), type: 'oauth', account })
}

function freeAlias(credentials: readonly Credential[], base: string, from: number): string {
  const taken = credentials.map(({ alias = unnamed }) => alias)
  let count = from
  while (taken.includes(`${base}-${count}`)) count++
  return `${base}-${count}`
}

function appended(id: string, provider: Provider, added: Record<string, Value>): Step[] {
  const credentials = credentialsOf(provider)
  if (Array.isArray(provider.auth)) return [{ path: [...place(id), credentials.length], value: added }]
  return [{ path: place(id), value: [...credentials.map((one) => ({ alias: unnamed, ...written(one) })), added] }]
}

/** Another name, also wherever a target is pinned to it. Its key stays where it is. */
export function renameCredential(config: Config, id: string, index: number, alias: string): Step[] {
  const credential = credentialsOf(config.virtualrouter.providers[id]!)[index]
  const pinned = `${id}[${credential?.alias ?? unnamed}].`
  const renamed = usesOf(config, id).flatMap((use): Step[] => {
    if (!use.target.startsWith(pinned)) return []
    const value = `${id}[${alias}].${use.target.slice(pinned.length)}`
    return [{ path: pathOf(config, use), value }]
  })
  return [{ path: [...place(id), index, 'alias'], value: alias }, ...renamed]
}

export function removeCredential(id: string, index: number): Step[] {
  return [{ path: [...place(id), index] }]
}

/** Where the name itself stands: some places hold it beside a weight or other things. */
function pathOf(config: Config, use: ReturnType<typeof usesOf>[number]): Step['path'] {
  if (use.type === 'engine') return [...use.path, 'providerKey']
  if (use.type === 'mapping') return use.path
  const group = config.virtualrouter.routingGroups[use.group] ?? config.virtualrouter
  const entry = group.routing[use.route]?.[use.pool]?.targets[Number(use.path.at(-1))]
  return entry !== undefined && entry !== targetName(entry) ? [...use.path, 'target'] : use.path
}

const written = (credential: Credential): Record<string, Value> => JSON.parse(JSON.stringify(credential))
