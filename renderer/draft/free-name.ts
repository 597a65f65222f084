/** A usable name that is not taken: `litellm`, else `litellm-2` and so on; `otherwise` where nothing usable is left of it. */
export function freeName(wanted: string, otherwise: string, taken: readonly string[]): string {
  const base = wanted.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || otherwise
  if (!taken.includes(base)) return base
  let count = 2
  while (taken.includes(`${base}-${count}`)) count++
  return `${base}-${count}`
}
