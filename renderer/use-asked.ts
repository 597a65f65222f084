import { useEffect, useState } from 'react'
import { CallError } from './app-client.ts'

export type Asked<Answer> =
  | { state: 'asking'; answer?: Answer }
  | { state: 'told'; answer: Answer }
  | { state: 'failed'; failure: CallError; answer?: Answer }

/** What a call answers, asked again whenever `key` changes; meanwhile the last answer stays. `ask` is read when it does. */
export function useAsked<Answer>(key: string, ask: () => Promise<Answer>): Asked<Answer> & { again(): void } {
  const [asked, setAsked] = useState<Asked<Answer>>({ state: 'asking' })
  const [count, setCount] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says when the question is another one
  useEffect(() => {
    let wanted = true
    setAsked(({ answer }) => ({ state: 'asking', answer }))
    ask().then(
      (answer) => wanted && setAsked({ state: 'told', answer }),
      (failure: unknown) => {
        if (!(failure instanceof CallError)) throw failure
        if (wanted) setAsked(({ answer }) => ({ state: 'failed', failure, answer }))
      },
    )
    return () => {
      wanted = false
    }
  }, [key, count])
  return { ...asked, again: () => setCount((before) => before + 1) }
}
