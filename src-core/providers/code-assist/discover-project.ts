import { GatewayError } from '../../model/error.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Account, judgeLoad, judgeOperation, type SetupStep } from './judge-setup.ts'

/** One call to Code Assist as this account; rejects with a verdict. */
export type AskCodeAssist = (
  method: 'GET' | 'POST',
  path: string,
  body: JsonObject | undefined,
  signal: AbortSignal,
) => Promise<JsonObject>

export interface DiscoverProjectOptions {
  account: Account
  ask: AskCodeAssist
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

const pollEveryMs = 5000
/** Two minutes: Google takes seconds. */
const mostPolls = 24

/** Finds out which project an account's requests count for, and lets Google set the account up where it has not yet. */
export async function discoverProject(options: DiscoverProjectOptions, signal: AbortSignal): Promise<string> {
  const { account, ask, sleep } = options
  let step = await load(options, signal)
  for (let polls = 0; ; polls++) {
    if (step.type === 'project') return step.project
    if (step.type === 'onboard') {
      const { tier, project } = step
      const body = { tierId: tier, ...named(project), metadata: metadata(project) }
      step = judgeOperation(await ask('POST', ':onboardUser', body, signal), account)
      continue
    }
    if (polls === mostPolls) {
      const words = `Google has not finished setting up credential “${account.credential}” (${account.provider}) for Code Assist: try again in a minute.`
      throw new GatewayError('timeout', words)
    }
    await sleep(pollEveryMs, signal)
    step = judgeOperation(await ask('GET', `/${step.operation}`, undefined, signal), account)
  }
}

async function load({ account, ask }: DiscoverProjectOptions, signal: AbortSignal): Promise<SetupStep> {
  const { project } = account
  try {
    const body = { ...named(project), metadata: metadata(project) }
    return judgeLoad(await ask('POST', ':loadCodeAssist', body, signal), account)
  } catch (thrown) {
    // behind a service perimeter this one call is refused and the others are not: they will say so if they are
    const closed = thrown instanceof GatewayError && thrown.kind === 'permission' && thrown.providerStatus !== undefined
    if (closed && project !== undefined) return { type: 'project', project }
    throw thrown
  }
}

const named = (project: string | undefined): JsonObject =>
  project === undefined ? {} : { cloudaicompanionProject: project }

const metadata = (project: string | undefined): JsonObject => ({
  ideType: 'IDE_UNSPECIFIED',
  platform: 'PLATFORM_UNSPECIFIED',
  pluginType: 'GEMINI',
  ...(project === undefined ? {} : { duetProject: project }),
})
