/** Client keys, accounts, logins and what can be imported, as the window sees them: what auth/ tells of them, and no secret. */
export type { ClientKeyView } from '../auth/client-keys.ts'
export type { Importable } from '../auth/import/importable.ts'
export type { AccountView } from '../auth/oauth/account-views.ts'
export type { OpenLogin as LoginView } from '../auth/oauth/logins.ts'
