import { Notification } from 'electron'
import type { AccountView } from '../src-core/index.ts'
import { accountNotices } from './account-notices.ts'
import type { DesktopMemory } from './desktop-memory.ts'
import type { TrayLanguage } from './tray-language.ts'

export interface AccountNotifierParts {
  memory: DesktopMemory
  language(): TrayLanguage
  now(): number
  /** Shows a page of the window. */
  open(page: string): void
  failed(what: string, thrown: unknown): void
}

export interface AccountNotifier {
  /** How the accounts stand now. */
  look(accounts: readonly AccountView[]): void
  close(): void
}

/** What comes in quick succession is told at once. */
const pauseMs = 2000

/** Tells what account-notices.ts finds worth it, and remembers that it did: the next start tells nothing twice. */
export function createAccountNotifier({ memory, language, now, open, failed }: AccountNotifierParts): AccountNotifier {
  let timer: NodeJS.Timeout | undefined
  let accounts: readonly AccountView[] = []
  // one that is not held on to may be collected before it is clicked
  let shown: Notification | undefined

  function tell(): void {
    timer = undefined
    const before = memory.current().toldAccounts ?? {}
    const { told, notice } = accountNotices(before, accounts, now(), language())
    if (told !== before) {
      memory.remember({ toldAccounts: told }).catch((thrown) => failed('a notification is not remembered', thrown))
    }
    if (!notice || !Notification.isSupported()) return
    const { title, body, page } = notice
    shown = new Notification({ title, body })
    shown.on('click', () => open(page))
    shown.show()
  }

  return {
    look(told) {
      accounts = told
      timer ??= setTimeout(tell, pauseMs)
    },
    close: () => clearTimeout(timer),
  }
}
