import type { AccountView } from '../src-core/control/contract.ts'
import { useWindow } from './store.ts'

/** The first account by which requests to a provider go; undefined where none does. */
export function useAccountOf(provider: string | undefined): AccountView | undefined {
  return useWindow(({ accounts }) => accounts?.find((one) => one.provider === provider && one.usedBy.length > 0))
}
