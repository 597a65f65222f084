import type { HealthView, StateView } from '../../../src-core/control/contract.ts'

/** What is worth doing next, most pressing first. Each becomes a sentence and a button. */
export type NextStep =
  | { step: 'mend-key'; provider: string; because: string }
  | { step: 'look-at-target'; target: string; because: string }
  | { step: 'add-backend' }
  | { step: 'connect-client' }

interface StepSources {
  state: StateView
  health: HealthView | undefined
  /** Whether any request has come yet. */
  used: boolean
}

const mostSteps = 3

export function nextSteps({ state, health, used }: StepSources): NextStep[] {
  const keys = state.providers
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, noCredential }) =>
      noCredential.slice(0, 1).map(({ because }): NextStep => ({ step: 'mend-key', provider: id, because })),
    )
  const refused = (health?.credentials ?? []).flatMap(({ credential, state: own, failure }): NextStep[] =>
    own === 'tripped' && failure
      ? [{ step: 'mend-key', provider: credential.replace(/\[.*/, ''), because: failure.message }]
      : [],
  )
  const broken = (health?.targets ?? []).flatMap(({ target, state: own, failure }): NextStep[] =>
    own === 'tripped' && failure ? [{ step: 'look-at-target', target, because: failure.message }] : [],
  )
  const steps: NextStep[] = [...keys, ...refused, ...broken]
  if (state.providers.every(({ profile, enabled }) => profile === 'demo' || !enabled))
    steps.push({ step: 'add-backend' })
  if (!used) steps.push({ step: 'connect-client' })
  return steps.slice(0, mostSteps)
}
