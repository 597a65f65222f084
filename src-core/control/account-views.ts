/** Accounts and logins as the window sees them are what auth/ tells of them, and hold no secret. */
export type { AccountView } from '../auth/oauth/account-views.ts'
export type { OpenLogin as LoginView } from '../auth/oauth/logins.ts'
