import { GatewayError } from '../../model/error.ts'
import { isObject, type JsonObject } from '../../model/json.ts'
import { objects, text } from './answer-fields.ts'

/** Whose account is set up, for the sentences a person reads. */
export interface Account {
  provider: string
  credential: string
  /** The project the user has named. */
  project?: string
}

/** What is to be done next: the project is known, an account has to be onboarded, or Google is still at it. */
export type SetupStep =
  | { type: 'project'; project: string }
  | { type: 'onboard'; tier: string; project?: string }
  | { type: 'poll'; operation: string }

/** The free tier has a project of Google's own, and refuses any other. */
const freeTier = 'free-tier'
const tierForAll = 'legacy-tier'

/** The answer to `loadCodeAssist`. Throws when this account is not served, with the reason Google gives. */
export function judgeLoad(answer: JsonObject, account: Account): SetupStep {
  if (isObject(answer.currentTier)) {
    const project = text(answer.cloudaicompanionProject) ?? account.project
    if (project !== undefined) return { type: 'project', project }
    throw ineligible(answer, account) ?? projectMissing(account)
  }
  const allowed = objects(answer.allowedTiers)
  if (allowed.length === 0) {
    const refused = ineligible(answer, account)
    if (refused) throw refused
  }
  const tier = text(allowed.find(({ isDefault }) => isDefault === true)?.id) ?? tierForAll
  if (tier === freeTier) return { type: 'onboard', tier }
  if (account.project === undefined) throw ineligible(answer, account) ?? projectMissing(account)
  return { type: 'onboard', tier, project: account.project }
}

/** The answer to `onboardUser`, or to a look at its operation. */
export function judgeOperation(answer: JsonObject, account: Account): SetupStep {
  const { name, done, error, response } = answer
  if (isObject(error)) {
    const said = text(error.message) ?? 'no reason was given'
    throw new GatewayError('permission', `Google did not set up ${nameOf(account)} for Code Assist: ${said}`)
  }
  if (done !== true) {
    if (typeof name === 'string' && /^operations\/[\w./-]+$/.test(name)) return { type: 'poll', operation: name }
    throw new GatewayError(
      'provider-error',
      `Code Assist answered the set-up of ${nameOf(account)} with nothing to wait for.`,
    )
  }
  const made = isObject(response) && isObject(response.cloudaicompanionProject) ? response.cloudaicompanionProject : {}
  const project = text(made.id) ?? account.project
  if (project === undefined) throw projectMissing(account)
  return { type: 'project', project }
}

/** Why Google does not serve the account, when it says so. Its list of reasons is open. */
function ineligible(answer: JsonObject, account: Account): GatewayError | undefined {
  const reasons = objects(answer.ineligibleTiers)
  const first = reasons.find(({ reasonCode }) => reasonCode === 'VALIDATION_REQUIRED') ?? reasons[0]
  if (!first) return undefined
  const said = text(first.reasonMessage) ?? text(first.reasonCode) ?? 'no reason was given'
  switch (first.reasonCode) {
    case 'VALIDATION_REQUIRED': {
      const link = text(first.validationUrl)
      const where = link !== undefined && /^https:\/\/\S+$/.test(link) ? ` Open ${link} and try again.` : ''
      return new GatewayError('needs-user-action', `Google asks to verify ${nameOf(account)}: ${said}${where}`)
    }
    case 'UNSUPPORTED_CLIENT':
      return new GatewayError(
        'retired-service',
        `Google no longer serves ${nameOf(account)} through Code Assist: use an API key with the profile gemini. (It said: “${said}”)`,
      )
    default:
      return new GatewayError('permission', `Google does not let ${nameOf(account)} use Code Assist: ${said}`)
  }
}

const projectMissing = (account: Account): GatewayError =>
  new GatewayError(
    'needs-user-action',
    `Code Assist wants a Google Cloud project for ${nameOf(account)}: set project: ID at the provider, or GOOGLE_CLOUD_PROJECT where Patchbay is started.`,
  )

const nameOf = ({ provider, credential }: Account): string => `the account of credential “${credential}” (${provider})`
