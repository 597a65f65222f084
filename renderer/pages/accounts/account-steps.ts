import type { Provider, Step, Value } from '../../draft/config-value.ts'

/** Has requests use an account, beside the credentials there are. */
export function stepsToUse(id: string, { auth }: Pick<Provider, 'auth'>, account: string): Step[] {
  const path = ['virtualrouter', 'providers', id, 'auth']
  // kinds that ask for nothing give way
  const kept = [auth ?? []].flat().filter(({ type }) => type === 'apikey' || type === 'oauth')
  const own = (alias: string): Value => ({
    ...(kept.length > 0 || alias !== 'default' ? { alias } : {}),
    type: 'oauth',
    ...(alias === account ? {} : { account }),
  })
  if (kept.length === 0) return [{ path, value: account === 'default' ? own('default') : own(account) }]
  const before = kept.map((credential): Value => {
    const { alias = 'default', type, secret, account: named } = credential
    return { alias, type, ...(secret !== undefined && { secret }), ...(named !== undefined && { account: named }) }
  })
  const taken = kept.map(({ alias = 'default' }) => alias)
  let alias = account
  for (let count = 2; taken.includes(alias); count++) alias = `${account}-${count}`
  return [{ path, value: [...before, own(alias)] }]
}
