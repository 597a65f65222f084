const key = 'patchbay-token'

/** The part of a browser window a token is taken from and kept in. */
export type TokenPlace = Pick<Window, 'location' | 'history' | 'sessionStorage'>

/**
 * The token the address came with, as `?token=` or `#token=`. It is kept for this tab and taken out of the address, so
 * that no bookmark, history or screenshot holds it.
 */
export function takeToken({ location, history, sessionStorage }: TokenPlace): string | undefined {
  const query = new URLSearchParams(location.search)
  const fragment = new URLSearchParams(location.hash.slice(1))
  const given = query.get('token') ?? fragment.get('token')
  if (given === null) return sessionStorage.getItem(key) ?? undefined
  query.delete('token')
  fragment.delete('token')
  const rest = query.toString()
  // a page of the window is `#/name`: only a fragment of parameters is rewritten
  const hash = location.hash.includes('token=') ? fragment.toString() : location.hash.slice(1)
  history.replaceState(null, '', `${location.pathname}${rest && `?${rest}`}${hash && `#${hash}`}`)
  sessionStorage.setItem(key, given)
  return given
}
