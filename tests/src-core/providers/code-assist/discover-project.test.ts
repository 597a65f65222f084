import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../src-core/model/error.ts'
import type { JsonObject } from '../../../../src-core/model/json.ts'
import { discoverProject } from '../../../../src-core/providers/code-assist/discover-project.ts'

type Scripted = JsonObject | GatewayError

/** Plays Google's answers in order; what was asked is a line each. */
async function discover(answers: Scripted[], project?: string) {
  const asked: string[] = []
  let waits = 0
  const found = await discoverProject(
    {
      account: { provider: 'google', credential: 'work', project },
      async ask(method, path, body) {
        const { tierId, cloudaicompanionProject } = body ?? {}
        asked.push([method, path, tierId, cloudaicompanionProject].filter(Boolean).join(' '))
        const answer = answers[Math.min(asked.length, answers.length) - 1]!
        if (answer instanceof GatewayError) throw answer
        return answer
      },
      async sleep() {
        waits++
      },
    },
    new AbortController().signal,
  ).catch((thrown: unknown) => thrown as GatewayError)
  return { found, asked, waits }
}

const standard = { id: 'standard-tier' }
const free = { id: 'free-tier', isDefault: true }
const unfinished = { name: 'operations/7', done: false }
const finished = { name: 'operations/7', done: true, response: { cloudaicompanionProject: { id: 'made-7' } } }

describe('the project of an account', () => {
  test.each<[string, Scripted[], string | undefined, string, string[]]>([
    [
      'has been set up before',
      [{ currentTier: standard, cloudaicompanionProject: 'theirs' }],
      undefined,
      'theirs',
      ['POST :loadCodeAssist'],
    ],
    [
      'is the one the user names, where Google names none',
      [{ currentTier: standard }],
      'mine',
      'mine',
      ['POST :loadCodeAssist mine'],
    ],
    [
      'is made for the free tier, without naming one',
      [{ allowedTiers: [standard, free] }, unfinished, unfinished, finished],
      'mine',
      'made-7',
      ['POST :loadCodeAssist mine', 'POST :onboardUser free-tier', 'GET /operations/7', 'GET /operations/7'],
    ],
    [
      'is onboarded with the one the user names',
      [{ allowedTiers: [{ id: 'enterprise-tier', isDefault: true }] }, { done: true }],
      'mine',
      'mine',
      ['POST :loadCodeAssist mine', 'POST :onboardUser enterprise-tier mine'],
    ],
    [
      'is the one the user names behind a service perimeter, where the question itself is refused',
      [new GatewayError('permission', 'no', { providerStatus: 403 })],
      'mine',
      'mine',
      ['POST :loadCodeAssist mine'],
    ],
  ])('%s', async (_what, answers, named, project, asked) => {
    const went = await discover(answers, named)
    expect(went).toMatchObject({ found: project, asked })
    expect(went.waits).toBe(asked.filter((line) => line.startsWith('GET')).length)
  })

  const ineligible = (reason: JsonObject, more: JsonObject = {}) => [{ ineligibleTiers: [reason], ...more }]

  test.each<[string, Scripted[], string, RegExp]>([
    [
      'personal accounts since June 2026',
      ineligible({ tierId: 'free-tier', reasonCode: 'UNSUPPORTED_CLIENT', reasonMessage: 'Move to another.' }),
      'retired-service',
      /no longer serves the account of credential “work” \(google\).*API key.*Move to another/,
    ],
    [
      'an account to be verified',
      ineligible({
        reasonCode: 'VALIDATION_REQUIRED',
        reasonMessage: 'Verify your account.',
        validationUrl: 'https://accounts.google.com/verify?x=1',
      }),
      'needs-user-action',
      /verify the account.*Open https:\/\/accounts\.google\.com\/verify\?x=1 and try again/,
    ],
    [
      'a link that is none is not repeated',
      ineligible({ reasonCode: 'VALIDATION_REQUIRED', validationUrl: 'javascript:alert(1)' }),
      'needs-user-action',
      /^(?!.*javascript).*VALIDATION_REQUIRED/,
    ],
    [
      'a country',
      ineligible({ reasonCode: 'UNSUPPORTED_LOCATION', reasonMessage: 'Not here.' }),
      'permission',
      /Not here/,
    ],
    ['a reason nobody knew', ineligible({ reasonCode: 'NEW_REASON' }), 'permission', /NEW_REASON/],
    [
      'a licence without a project',
      [{ currentTier: standard }],
      'needs-user-action',
      /project: ID.*GOOGLE_CLOUD_PROJECT/,
    ],
    [
      'onboarding without a project',
      [{ allowedTiers: [{ ...standard, isDefault: true }] }],
      'needs-user-action',
      /GOOGLE_CLOUD_PROJECT/,
    ],
    [
      'an onboarding that fails',
      [{ allowedTiers: [free] }, unfinished, { done: true, error: { message: 'No billing.' } }],
      'permission',
      /did not set up.*No billing/,
    ],
    ['an onboarding without an operation', [{ allowedTiers: [free] }, {}], 'provider-error', /nothing to wait for/],
    ['an onboarding without an end', [{ allowedTiers: [free] }, unfinished], 'timeout', /not finished setting up/],
    [
      'a perimeter, and no project named',
      [new GatewayError('permission', 'no', { providerStatus: 403 })],
      'permission',
      /no/,
    ],
    ['a service that fails', [new GatewayError('provider-error', 'broken')], 'provider-error', /broken/],
  ])('%s: said in words', async (_what, answers, kind, words) => {
    const { found } = await discover(answers)
    expect(found).toMatchObject({ kind, message: expect.stringMatching(words) })
  })
})
