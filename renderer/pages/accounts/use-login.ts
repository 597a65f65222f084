import { useEffect, useRef, useState } from 'react'
import type { AnswerOf } from '../../../src-core/control/contract.ts'
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
  const ended = login && last?.id === login.id && last.state !== 'open' ? { ...last, state: last.state } : undefined
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
    client.call('beginLogin', { provider, alias }).then(
      (answer) => (wanted ? setBegun({ login: answer }) : cancel(answer.id)),
      (thrown: unknown) => {
        if (!(thrown instanceof CallError)) throw thrown
        if (wanted) setBegun({ refused: thrown.message })
      },
    )
    return () => {
      wanted = false
      if (waiting.current !== undefined) cancel(waiting.current)
    }
  }, [client, provider, alias, count])

  const again = () => setCount((before) => before + 1)
  if (!begun) return { phase: 'asking', again }
  if ('refused' in begun) return { phase: 'refused', because: begun.refused, again }
  if (!ended) return { phase: 'waiting', login: begun.login, again }
  return { phase: 'ended', how: ended.state, because: ended.because ?? '', again }
}
