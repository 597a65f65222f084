import { orGone } from '../../model/or-gone.ts'
import type { QuotaBucket } from '../../model/quota.ts'
import type { Target } from '../../model/target.ts'
import { answeredObject } from '../call-json.ts'
import type { CallRaw } from '../call-raw.ts'
import type { ResolvedProvider } from '../resolved-provider.ts'
import { accountOf, type CodeAssistProjects } from './projects.ts'
import { readQuota } from './quota.ts'

export interface AskQuotaOptions {
  callRaw: CallRaw
  projects: Pick<CodeAssistProjects, 'knownProject'>
  targetsOf(provider: ResolvedProvider): readonly Target[]
}

/** What is left to an account, asked now; undefined where nobody reports it. Rejects with a verdict. */
export type AskQuota = (
  account: string,
  provider: ResolvedProvider,
  signal: AbortSignal,
) => Promise<QuotaBucket[] | undefined>

/**
 * Code Assist reports it, for accounts whose project is known: one that was never used is not set up for a look at it. Who
 * asks while another waits gets the same answer; the next one asks anew.
 */
export function createAskQuota({ callRaw, projects, targetsOf }: AskQuotaOptions): AskQuota {
  const asking = new Map<string, Promise<QuotaBucket[] | undefined>>()
  /** It belongs to all who wait: the provider's own time limits end it. */
  const nobodys = new AbortController().signal

  async function ask(target: Target, provider: ResolvedProvider): Promise<QuotaBucket[] | undefined> {
    const project = await projects.knownProject(target, provider)
    if (project === undefined) return undefined
    const request = { method: 'POST', path: ':retrieveUserQuota', body: { project }, attempts: 1 } as const
    const { body } = await callRaw(target, request, nobodys)
    return readQuota(await answeredObject(body, target))
  }

  return async (account, provider, signal) => {
    if (provider.envelope !== 'code-assist') return undefined
    const target = targetsOf(provider).find(({ credential }) => accountOf(provider, credential) === account)
    if (!target) return undefined
    let asked = asking.get(account)
    if (!asked) {
      asked = ask(target, provider)
      asking.set(account, asked)
      const done = () => asking.delete(account)
      asked.then(done, done)
    }
    return orGone(asked, signal)
  }
}
