import { expect, test } from 'vitest'
import type { Account } from '../../../../src-core/auth/oauth/account.ts'
import { createAccountProjects } from '../../../../src-core/auth/oauth/account-project.ts'
import { locked } from '../keychain-rig.ts'
import { newHome, rigAccounts } from './rig.ts'

const account: Account = { accessToken: 'a', refreshToken: 'r', obtainedAt: 1, scopes: [], facts: { tier: 's' } }

test('a project is kept with its account, for other processes and the next start', async () => {
  const shared = { home: newHome(), entries: new Map<string, string>() }
  const { open } = rigAccounts({ shared })
  await open.accounts.put('p/work', account)
  const projects = createAccountProjects(open.accounts)
  expect(await projects.read('p/work')).toBeUndefined()
  await projects.write('p/work', 'mine')
  expect(await projects.read('p/work')).toBe('mine')
  expect(await createAccountProjects(rigAccounts({ shared }).open.accounts).read('p/work')).toBe('mine')
})

test('what another process has made of the account meanwhile stays', async () => {
  const shared = { home: newHome(), entries: new Map<string, string>() }
  const [one, other] = [rigAccounts({ shared }).open.accounts, rigAccounts({ shared }).open.accounts]
  await one.put('p/work', account)
  await one.get('p/work')
  await other.put('p/work', { ...account, accessToken: 'b', refreshToken: 's' })
  await createAccountProjects(one).write('p/work', 'mine')
  expect(await other.getAnew('p/work')).toMatchObject({
    accessToken: 'b',
    refreshToken: 's',
    facts: { tier: 's', project: 'mine' },
  })
})

test('nobody signed in: nothing is kept; a keychain that is shut: it rejects', async () => {
  const { open, keychain } = rigAccounts()
  const projects = createAccountProjects(open.accounts)
  await projects.write('p/work', 'mine')
  expect(await open.accounts.list()).toEqual([])
  keychain.says = () => locked
  await expect(projects.write('p/work', 'mine')).rejects.toMatchObject({ trouble: 'locked' })
})
