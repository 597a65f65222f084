import { describe, expect, test } from 'vitest'
import { accountMark, isSignedIn } from '../../../renderer/account-state.ts'
import { accountGroups, nameProblem } from '../../../renderer/pages/accounts/account-groups.ts'
import { needsConsent } from '../../../renderer/pages/accounts/terms.tsx'
import type { ProviderView } from '../../../src-core/control/contract.ts'
import { accountView } from '../../helpers/account-view.ts'

describe('how an account stands', () => {
  const known = { label: 'ada@example.test' }
  test.each([
    ['signed in', accountView('up/work', 'ok'), 'healthy', true],
    ['at its end', accountView('up/work', 'expiring'), 'cooling', true],
    ['dead', accountView('up/work', 'sign-in-again'), 'tripped', true],
    ['signed out', accountView('up/work', 'signed-out'), 'off', false],
    ['kept for this run alone', accountView('up/work', 'locked', known), 'cooling', true],
    ['in a keychain that is locked', accountView('up/work', 'locked'), 'unknown', false],
  ])('%s', (_name, account, mark, signedIn) => {
    expect([accountMark(account), isSignedIn(account)]).toEqual([mark, signedIn])
  })
})

test('accounts stand by provider as in the config, those of providers that are gone behind them', () => {
  const provider = (id: string) => ({ id }) as ProviderView
  const accounts = ['gone/x', 'b/work', 'a/home', 'b/home'].map((id) => accountView(id, 'ok'))
  const groups = accountGroups(accounts, [provider('b'), provider('none'), provider('a')])
  expect(groups.map(({ provider: id, told, accounts: own }) => [id, told?.id, own.map(({ alias }) => alias)])).toEqual([
    ['b', 'b', ['work', 'home']],
    ['a', 'a', ['home']],
    ['gone', undefined, ['x']],
  ])
})

test.each([
  ['work', undefined],
  ['home', 'taken'],
  ['', 'odd'],
  ['-x', 'odd'],
  ['a/b', 'odd'],
  ['办公', 'odd'],
])('a new account of the name %j: %s', (name, problem) => {
  expect(nameProblem('up', name, [accountView('up/home', 'ok'), accountView('other/work', 'ok')])).toBe(problem)
})

test.each([
  [undefined, undefined, false],
  [{ state: 'active' } as const, undefined, false],
  [{ state: 'restricted' } as const, undefined, true],
  [{ state: 'active' } as const, 'installed-gemini-cli' as const, true],
])('%j, as %s: consent is asked for: %s', (status, client, asks) => {
  expect(needsConsent({ status, client })).toBe(asks)
})
