import { describe, expect, test } from 'vitest'
import { KeychainError } from '../../../../src-core/auth/keychain-error.ts'
import type { Account } from '../../../../src-core/auth/oauth/account.ts'
import { type AccountFacts, accountState } from '../../../../src-core/auth/oauth/account-state.ts'
import { phaseOf } from '../../../../src-core/auth/oauth/phase.ts'
import { oauthSettings } from '../../../../src-core/config/oauth-settings.ts'

const settings = oauthSettings({}, { oauth: { refreshMarginSeconds: 300 } })!
const hour = 3_600_000
const account: Account = { accessToken: 't', refreshToken: 'r', obtainedAt: 0, expiresAt: hour, scopes: [], facts: {} }
const lasting: Account = { accessToken: 't', obtainedAt: 0, expiresAt: hour, scopes: [], facts: {} }
const shut = new KeychainError('locked', 'the keychain is locked')

test.each<[string, Omit<AccountFacts, 'settings'>, string, RegExp | undefined]>([
  ['nobody has signed in', { account: undefined, now: 0 }, 'signed-out', undefined],
  ['a login has failed', { account: undefined, now: 0, loginFailure: 'Declined.' }, 'signed-out', /^Declined/],
  ['the keychain is shut', { account: shut, now: 0 }, 'locked', /^the keychain is locked\. Unlock it/],
  ['it serves', { account, now: 0 }, 'ok', undefined],
  ['it waits for its next use', { account, now: 2 * hour }, 'ok', undefined],
  ['a key without an end', { account: { ...lasting, expiresAt: undefined }, now: 9 * hour }, 'ok', undefined],
  ['it ends soon for good', { account: lasting, now: hour - 1 }, 'expiring', /cannot be renewed/],
  ['it has ended for good', { account: lasting, now: hour }, 'sign-in-again', /has ended/],
  ['a refresh has failed in time', { account, now: hour - 1, refreshFailure: 'Down.' }, 'expiring', /^Down/],
  ['a refresh failed before it was renewed', { account, now: 0, refreshFailure: 'Down.' }, 'ok', undefined],
  ['the service has ended it', { account: { ...account, dead: 'Revoked.' }, now: 0 }, 'sign-in-again', /^Revoked/],
  ['the provider refuses it', { account, now: 0, refused: 'Refused.' }, 'sign-in-again', /^Refused/],
  ['the keychain did not take it', { account, now: 0, unkept: shut }, 'locked', /until Patchbay ends/],
])('%s', (_name, facts, state, error) => {
  const found = accountState({ settings, ...facts })
  expect(found).toEqual({ state, ...(error && { error: expect.stringMatching(error) }) })
})

describe('when a token is renewed', () => {
  test.each<[number, number | undefined, number, string]>([
    [0, undefined, 1e15, 'fresh'],
    [0, hour, hour - 300_001, 'fresh'],
    [0, hour, hour - 300_000, 'due'],
    [0, hour, hour, 'over'],
    // it lives shorter than the margin: not before half of its life
    [0, 60_000, 29_999, 'fresh'],
    [0, 60_000, 30_000, 'due'],
    // our clock was set back
    [hour, 2 * hour, 0, 'fresh'],
  ])('come at %i, ends at %s, now %i: %s', (obtainedAt, expiresAt, now, phase) => {
    expect(phaseOf({ obtainedAt, expiresAt }, settings, now)).toBe(phase)
  })
})
