import type { CredentialsOptions } from '../../src-core/auth/credentials.ts'

/** For what is about keys: nobody signs in. */
export const noAccounts: CredentialsOptions['accounts'] = {
  tokenFor: ({ id }) => Promise.reject(new Error(`nobody signs in as ${id} here`)),
}
