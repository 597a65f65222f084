/** The provider of `provider.model`, `provider[alias].model` or `provider.*`. */
export function providerOf(name: string): string {
  return /^[^.[]+/.exec(name)?.[0] ?? name
}

/** Whether a target of the config (`provider.*`, an alias in it or not) stands for this one. */
export function matchesTarget(pattern: string, target: string): boolean {
  const plain = pattern.replace(/\[[^\]]*\]/, '')
  const own = target.replace(/\[[^\]]*\]/, '')
  return plain === own || (plain.endsWith('.*') && own.startsWith(plain.slice(0, -1)))
}
