/** The model as the config names it: what follows the provider, and its credential, in a target's id. */
export function modelOf(target: string, provider: string): string {
  const rest = target.slice(provider.length)
  const bracket = rest.startsWith('[') ? rest.indexOf('].') : -1
  return rest.slice(bracket < 0 ? 1 : bracket + 2)
}
