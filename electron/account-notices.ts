import type { AccountView } from '../src-core/index.ts'
import type { TrayLanguage } from './tray-language.ts'
import { type TrayWords, trayWords } from './tray-words.ts'

/** When something was told of an account, by `ACCOUNT REASON`. */
export type ToldAccounts = Readonly<Record<string, number>>

export interface AccountNotice {
  title: string
  body: string
  /** Where something can be done about it: a page of the window. */
  page: string
}

/** What has been told is not told again before, however often a login wavers. */
const restMs = 60 * 60_000

/**
 * What of the accounts is worth a notification: once for each account and reason, all of one moment in one. A reason
 * may come again when the account has been well in between, and not within the hour.
 */
export function accountNotices(
  told: ToldAccounts,
  accounts: readonly AccountView[],
  now: number,
  language: TrayLanguage,
): { told: ToldAccounts; notice?: AccountNotice } {
  const kept = Object.entries(told).filter(([key, at]) => {
    const account = accounts.find(({ id }) => key.startsWith(`${id} `))
    if (!account) return false
    // what lies in a locked keychain may be as dead as before
    return account.needsYou || account.state === 'locked' || now - at < restMs
  })
  const news = accounts.filter((account) => account.needsYou && !kept.some(([key]) => key === keyOf(account)))
  if (news.length === 0) return { told: kept.length === Object.keys(told).length ? told : Object.fromEntries(kept) }
  return {
    told: { ...Object.fromEntries(kept), ...Object.fromEntries(news.map((account) => [keyOf(account), now])) },
    notice: noticeOf(news, trayWords[language].notices),
  }
}

const keyOf = ({ id, state }: AccountView): string => `${id} ${state}`

function noticeOf(news: readonly AccountView[], words: TrayWords['notices']): AccountNotice {
  const [first] = news
  if (news.length > 1 || !first) {
    return { title: words.several(news.length), body: news.map(({ id }) => id).join(', '), page: 'accounts' }
  }
  const title = first.state === 'expiring' ? words.ends(first.id) : words.again(first.id)
  return { title, body: first.error ?? words.body, page: `accounts/${first.id}` }
}
