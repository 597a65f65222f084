import { Name } from '../../components/name.tsx'
import { StateMark } from '../../components/state-mark.tsx'
import type { Provider } from '../../draft/config-value.ts'
import { useMessages } from '../../messages.ts'
import { useWindow } from '../../store.ts'
import { type ProviderState, providerState } from './provider-state.ts'
import styles from './providers.module.css'

/** One provider at a glance; the whole card opens it. */
export function ProviderCard({ id, provider }: { id: string; provider: Provider }) {
  const { providers: words } = useMessages()
  const told = useWindow(({ state }) => state?.providers.find((each) => each.id === id))
  const health = useWindow((window) => window.health)
  const accounts = useWindow((window) => window.accounts)
  const state = providerState(id, provider.enabled, told, health, accounts)
  const models = Object.keys(provider.models)
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <StateMark state={state.mark} silent />
        <a className={styles.open} href={`#/providers/${id}`} aria-label={words.open(id)}>
          <Name of={id} most={28} />
        </a>
        <span className={styles.service}>{provider.profile ? (told?.name ?? provider.profile) : provider.type}</span>
      </div>
      <StateWords state={state} />
      <p className={styles.address}>
        <Name of={provider.baseUrl ?? told?.baseUrl ?? ''} most={44} />
      </p>
      <p className={styles.soft}>
        {models.includes('*') && models.length === 1 ? words.anyModel : words.models(models.length)}
      </p>
    </li>
  )
}

export function StateWords({ state }: { state: ProviderState }) {
  const { states } = useMessages().providers
  switch (state.type) {
    case 'noCredential':
      return (
        <p>
          {states.noCredential} <span className={styles.because}>{state.because}</span>
        </p>
      )
    case 'refused':
      return <p>{states.refused(state.because)}</p>
    case 'cooling':
    case 'partly':
    case 'signedOut':
    case 'ending':
      return (
        <p>
          {states[state.type]} <span className={styles.because}>{state.because}</span>
        </p>
      )
    default:
      return <p>{states[state.type]}</p>
  }
}
