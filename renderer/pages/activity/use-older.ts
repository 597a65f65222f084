import { useState } from 'react'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { mostRemembered, remember } from '../../exchange-ring.ts'
import { useWindow } from '../../store.ts'

const pageSize = 500

/** Pages further back than the window has seen. `more` is false at the end of what the gateway keeps. */
export function useOlder(): { more: boolean; loading: boolean; load(): Promise<void> } {
  const client = useClient()
  const next = useWindow((window) => window.older)
  const count = useWindow(({ exchanges }) => exchanges.length)
  const [loading, setLoading] = useState(false)
  return {
    more: typeof next === 'string' && count < mostRemembered,
    loading,
    async load() {
      if (typeof next !== 'string') return
      setLoading(true)
      try {
        const page = await client.call('listExchanges', { limit: pageSize, before: next })
        useWindow.setState(({ exchanges }) => ({ exchanges: remember(exchanges, page.exchanges), older: page.next }))
      } catch (thrown) {
        // the connection says what is wrong, and the button is there again
        if (!(thrown instanceof CallError)) throw thrown
      }
      setLoading(false)
    },
  }
}
