import { useMessages } from '../messages.ts'
import styles from './state-mark.module.css'

export type MarkState = 'healthy' | 'cooling' | 'tripped' | 'off' | 'unknown'

/** A state as a shape, and in words for those who do not see it: never by colour alone. */
export function StateMark({ state, silent = false }: { state: MarkState; silent?: boolean }) {
  const { states } = useMessages()
  const look = `${styles.mark} ${styles[state]}`
  if (silent) {
    return (
      <svg className={look} viewBox="0 0 12 12" aria-hidden="true">
        <StateShape state={state} />
      </svg>
    )
  }
  return (
    <svg className={look} viewBox="0 0 12 12" role="img" aria-label={states[state]}>
      <title>{states[state]}</title>
      <StateShape state={state} />
    </svg>
  )
}

function StateShape({ state }: { state: MarkState }) {
  switch (state) {
    case 'healthy':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />
    case 'cooling':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M6 1.5a4.5 4.5 0 0 0 0 9z" fill="currentColor" />
        </>
      )
    case 'tripped':
      return <path d="M6 1 11.2 10.6H.8z" fill="currentColor" />
    case 'off':
      return <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
    case 'unknown':
      return (
        <path
          d="M3.8 4.2a2.2 2.2 0 1 1 3.3 1.9c-.8.5-1.1.8-1.1 1.7M6 10v.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
        />
      )
  }
}
