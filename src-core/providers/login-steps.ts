import { accountId } from '../auth/oauth/account.ts'
import type { OpenAccounts } from '../auth/open-accounts.ts'
import { GatewayError } from '../model/error.ts'
import type { Target } from '../model/target.ts'
import type { CodeAssistProjects } from './code-assist/projects.ts'
import type { ResolvedProvider } from './resolved-provider.ts'
import type { Step } from './test-provider.ts'

export interface LoginStepsOptions {
  accounts: Pick<OpenAccounts, 'view' | 'accounts'>
  projects: Pick<CodeAssistProjects, 'projectOf'>
  targetsOf(provider: ResolvedProvider): readonly Target[]
}

/** Of each credential that is a login: is it there, readable, in force, will it renew itself; and its project. */
export async function loginSteps(
  provider: ResolvedProvider,
  options: LoginStepsOptions,
  signal: AbortSignal,
): Promise<Step[]> {
  const logins = provider.credentials.filter(({ type }) => type === 'oauth')
  if (logins.length === 0) return []
  const views = await options.accounts.view()
  const steps: Step[] = []
  for (const login of logins) {
    const id = accountId(provider.id, login)
    const view = views.find((one) => one.id === id)
    // a keychain that is shut may still have given it before, or not have taken it yet
    const account = await Promise.resolve(options.accounts.accounts.get(id)).catch(() => undefined)
    if (!view || !account || view.state === 'sign-in-again') {
      steps.push({
        name: 'account',
        ok: false,
        words: view?.error ?? `Nobody is signed in as ${id}: sign in under Accounts.`,
      })
      continue
    }
    const { label, expiresAt, error } = view
    const end = expiresAt ? ` until ${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC` : ''
    const renewal = account.refreshToken === undefined ? end : '; it renews itself'
    const words = [`Signed in as ${label ?? id}${renewal}.`, error].filter(Boolean).join(' ')
    steps.push({ name: 'account', ok: true, words })
    const target = options.targetsOf(provider).find(({ credential }) => credential === login.alias)
    if (provider.envelope === 'code-assist' && target) {
      steps.push(await projectStep(options.projects.projectOf(target, provider, signal)))
    }
  }
  return steps
}

async function projectStep(asked: Promise<string | undefined>): Promise<Step> {
  try {
    return { name: 'project', ok: true, words: `Its requests count for the project ${await asked}.` }
  } catch (thrown) {
    return { name: 'project', ok: false, words: GatewayError.from(thrown).message }
  }
}
