/**
 * What a page of ours or a provider names goes to the system only as https. Login pages are https, and nothing in the
 * address may pose as another host.
 */
export function mayOpen(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return protocol === 'https:' && username === '' && password === ''
}
