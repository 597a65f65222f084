import { expect, test } from 'vitest'
import { type TokenPlace, takeToken } from '../../renderer/token.ts'

function place(search: string, hash: string, kept?: string) {
  const store = new Map(kept === undefined ? [] : [['patchbay-token', kept]])
  let address = `/${search}${hash}`
  const browser = {
    location: { pathname: '/', search, hash },
    history: { replaceState: (_state: unknown, _title: string, to: string) => (address = to) },
    sessionStorage: {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => store.set(key, value),
    },
  }
  return { browser: browser as unknown as TokenPlace, address: () => address, kept: () => store.get('patchbay-token') }
}

test.each([
  ['in the query', '?token=abc', '', 'abc', '/'],
  ['in the query, beside the open page', '?token=abc', '#/health', 'abc', '/#/health'],
  ['beside other parameters', '?a=1&token=abc', '', 'abc', '/?a=1'],
  ['in the fragment', '', '#token=abc', 'abc', '/'],
])('%s', (_where, search, hash, token, address) => {
  const it = place(search, hash)
  expect(takeToken(it.browser)).toBe(token)
  expect(it.address()).toBe(address)
  expect(it.kept()).toBe(token)
})

test('without one the tab remembers', () => expect(takeToken(place('', '#/health', 'kept').browser)).toBe('kept'))
test('a new one wins over the remembered', () => expect(takeToken(place('?token=new', '', 'old').browser)).toBe('new'))
test('none at all', () => expect(takeToken(place('', '').browser)).toBeUndefined())
