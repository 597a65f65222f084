import type { Accounts } from './accounts.ts'

/** Which project an account's requests count for, where that has been found out: kept with the account itself. */
export interface AccountProjects {
  read(account: string): Promise<string | undefined>
  /** Rejects with a KeychainError. */
  write(account: string, project: string): Promise<void>
}

export function createAccountProjects(accounts: Pick<Accounts, 'get' | 'getAnew' | 'put' | 'locked'>): AccountProjects {
  return {
    read: async (id) => (await accounts.get(id))?.facts.project,
    write: (id, project) =>
      accounts.locked(id, async () => {
        const account = await accounts.getAnew(id)
        if (account) await accounts.put(id, { ...account, facts: { ...account.facts, project } })
      }),
  }
}
