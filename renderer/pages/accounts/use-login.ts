import { useEffect, useRef, useState } from 'react'
import type { AccountView, AnswerOf } from '../../../src-core/control/contract.ts'
import { CallError } from '../../app-client.ts'
import { useClient } from '../../client-context.ts'
import { useWindow } from '../../store.ts'

export type OpenLogin = AnswerOf<'beginLogin'>

export type LoginPhase =
  | { phase: 'asking' }
  | { phase: 'refused'; because: string }
  | { phase: 'waiting'; login: OpenLogin }
  | { phase: 'ended'; how: 'signed-in' | 'cancelled' | 'failed'; because: string }

/** One login, from its beginning to its end; whoever turns away from it cancels it. */
export function useLogin(provider: string, alias: string): LoginPhase & { again(): void } {
  const client = useClient()
  const [begun, setBegun] = useState<{ login: OpenLogin } | { refused: string }>()
  const [count, setCount] = useState(0)
  const waiting = useRef<string>(undefined)
  const login = begun && 'login' in begun ? begun.login : undefined
  const last = useWindow(({ accounts }) => accounts?.find(({ id }) => id === `${provider}/${alias}`)?.login)
  const ended = login && last && endOf(login.id, last)
  waiting.current = ended ? undefined : login?.id

  // biome-ignore lint/correctness/useExhaustiveDependencies: `count` asks for another one
  useEffect(() => {
    let wanted = true
    const cancel = (id: string) => {
      client.call('cancelLogin', { id }).catch((thrown: unknown) => {
        // it has ended meanwhile, or ends by itself
        if (!(thrown instanceof CallError)) throw thrown
      })
    }
    setBegun(undefined)
    client
      .call('beginLogin', { provider, alias })
      .then(async (answer) => {
        // from here on the store knows of this login, or of one that took its place
        const told = await client.call('listAccounts', {}).catch((thrown: unknown) => {
          cancel(answer.id)
          throw thrown
        })
        useWindow.setState(told)
        if (wanted) setBegun({ login: answer })
        else cancel(answer.id)
      })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof CallError)) throw thrown
        if (wanted) setBegun({ refused: thrown.message })
      })
    return () => {
      wanted = false
      if (waiting.current !== undefined) cancel(waiting.current)
    }
  }, [client, provider, alias, count])

  const again = () => setCount((before) => before + 1)
  if (!begun) return { phase: 'asking', again }
  if ('refused' in begun) return { phase: 'refused', because: begun.refused, again }
  if (!ended) return { phase: 'waiting', login: begun.login, again }
  return { phase: 'ended', ...ended, again }
}

/** How a login has ended by what is known of the last one; undefined while it waits. */
function endOf(id: string, last: NonNullable<AccountView['login']>) {
  // there is one login of an account at a time
  if (last.id !== id) return { how: 'cancelled', because: '' } as const
  if (last.state === 'open') return undefined
  return { how: last.state, because: last.because ?? '' }
}
