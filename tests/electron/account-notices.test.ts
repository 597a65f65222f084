import { describe, expect, test } from 'vitest'
import { accountNotices, type ToldAccounts } from '../../electron/account-notices.ts'
import type { AccountView } from '../../src-core/index.ts'
import { accountView as account } from '../helpers/account-view.ts'

const hour = 60 * 60_000

/** What is told at each step: the titles, in order. */
function titles(steps: { at: number; accounts: AccountView[] }[]): (string | undefined)[] {
  let told: ToldAccounts = {}
  return steps.map(({ at, accounts }) => {
    const now = accountNotices(told, accounts, at, 'en')
    told = now.told
    return now.notice?.title
  })
}

const dead = account('up/work', 'sign-in-again', { error: 'The service has ended this login.' })
const ending = account('up/work', 'expiring')
const well = account('up/work', 'ok')

describe('what is told', () => {
  test('a login that has ended: why, and where to sign in again', () => {
    expect(accountNotices({}, [dead, account('up/home', 'ok')], 7, 'en')).toEqual({
      told: { 'up/work sign-in-again': 7 },
      notice: { title: 'Sign in again: up/work', body: 'The service has ended this login.', page: 'accounts/up/work' },
    })
  })

  test('several at one moment, in one', () => {
    const { notice } = accountNotices({}, [dead, account('up/home', 'expiring')], 7, 'en')
    expect(notice).toEqual({ title: '2 logins need you', body: 'up/work, up/home', page: 'accounts' })
  })

  test('in the language of the window', () => {
    expect(accountNotices({}, [dead], 7, 'zh').notice?.title).toBe('需要重新登录：up/work')
  })

  test.each([
    ['nobody has signed in', account('up/work', 'signed-out')],
    ['a keychain is locked', account('up/work', 'locked')],
    ['nothing uses it', { ...dead, usedBy: [], needsYou: false }],
    ['all is well', well],
  ])('nothing where %s', (_name, one) => {
    expect(accountNotices({}, [one], 7, 'en')).toEqual({ told: {} })
  })
})

describe('never twice', () => {
  test('the same reason, however often it is looked at', () => {
    const steps = [0, 1, hour, 50 * hour].map((at) => ({ at, accounts: [dead] }))
    expect(titles(steps)).toEqual(['Sign in again: up/work', undefined, undefined, undefined])
  })

  test('one that wavers within the hour', () => {
    const steps = [ending, well, ending, well, ending].map((one, index) => ({ at: index * 1000, accounts: [one] }))
    expect(titles(steps)).toEqual(['The login up/work ends soon', undefined, undefined, undefined, undefined])
  })

  test('a keychain that was locked in between', () => {
    const locked = account('up/work', 'locked')
    const steps = [dead, locked, dead].map((one, index) => ({ at: index * 2 * hour, accounts: [one] }))
    expect(titles(steps)).toEqual(['Sign in again: up/work', undefined, undefined])
  })
})

describe('again', () => {
  test('for another reason', () => {
    const steps = [ending, dead].map((one, at) => ({ at, accounts: [one] }))
    expect(titles(steps)).toEqual(['The login up/work ends soon', 'Sign in again: up/work'])
  })

  test('when it was well for a while, and for another account at once', () => {
    const other = account('up/home', 'sign-in-again')
    expect(
      titles([
        { at: 0, accounts: [dead] },
        { at: 1, accounts: [dead, other] },
        { at: 2 * hour, accounts: [well] },
        { at: 2 * hour + 1, accounts: [dead] },
      ]),
    ).toEqual(['Sign in again: up/work', 'Sign in again: up/home', undefined, 'Sign in again: up/work'])
  })
})
