import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../../src-core/model/error.ts'
import type { RawResponse } from '../../../../src-core/providers/call-raw.ts'
import {
  type CodeAssistProjectsOptions,
  createCodeAssistProjects,
} from '../../../../src-core/providers/code-assist/projects.ts'
import type { ResolvedProvider } from '../../../../src-core/providers/resolved-provider.ts'
import { modelRequest, plainTarget } from '../plain-codec.ts'

const provider: ResolvedProvider = {
  id: 'google',
  name: 'Code Assist',
  profile: 'gemini-cli',
  protocol: 'gemini-chat',
  envelope: 'code-assist',
  baseUrl: 'https://google.example/v1internal',
  enabled: true,
  builtIn: false,
  headers: {},
  apiKeyHeader: 'authorization',
  credentials: [{ alias: 'default', type: 'oauth', account: 'work' }],
  timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1 },
  discovery: 'none',
  failures: [],
  waits: [],
}
const target = { ...plainTarget, provider: 'google', credential: 'default', envelope: 'code-assist' as const }
const patient = new AbortController().signal

/** What is asked of Google waits for `answer`, and what is kept with accounts is a map. */
function projects(more: Partial<CodeAssistProjectsOptions> = {}, kept = new Map<string, string>()) {
  const asked: ((project: string | GatewayError) => void)[] = []
  const made = createCodeAssistProjects({
    env: {},
    sleep: async () => {},
    callRaw: () =>
      new Promise<RawResponse>((resolve, reject) => {
        asked.push((project) => {
          if (project instanceof GatewayError) return reject(project)
          const json = { currentTier: { id: 's' }, cloudaicompanionProject: project }
          resolve({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(json)) })
        })
      }),
    kept: {
      read: async (account) => kept.get(account),
      write: async (account, project) => void kept.set(account, project),
    },
    notKept: () => {},
    ...more,
  })
  const of = (signal = patient, given = provider) =>
    made.inProject(target, given, modelRequest(), signal).then(({ project }) => project)
  return { made, asked, kept, of }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the project of an account', () => {
  test('is asked once for all who wait, and kept with the account', async () => {
    const { asked, kept, of } = projects()
    const waiting = [of(), of(), of()]
    await turn()
    expect(asked).toHaveLength(1)
    asked[0]!('mine')
    expect(await Promise.all(waiting)).toEqual(['mine', 'mine', 'mine'])
    expect(await of()).toBe('mine')
    expect(asked).toHaveLength(1)
    expect([...kept]).toEqual([['google/work', 'mine']])
  })

  test('that is kept is not asked for after a restart', async () => {
    const { asked, of } = projects({}, new Map([['google/work', 'kept']]))
    expect(await of()).toBe('kept')
    expect(asked).toEqual([])
  })

  test('who leaves does not take it from the others', async () => {
    const { asked, of } = projects()
    const left = new AbortController()
    const waiting = [of(left.signal), of()]
    await turn()
    left.abort(new GatewayError('client-gone', 'The client left.'))
    await expect(waiting[0]).rejects.toMatchObject({ kind: 'client-gone' })
    asked[0]!('mine')
    expect(await waiting[1]).toBe('mine')
  })

  test('that could not be found is asked for again, and the failure names its target', async () => {
    const { asked, of } = projects()
    const first = of()
    await turn()
    asked[0]!(new GatewayError('provider-error', 'broken'))
    await expect(first).rejects.toMatchObject({ kind: 'provider-error', target: target.id })
    const second = of()
    await turn()
    asked[1]!('mine')
    expect(await second).toBe('mine')
  })

  test('is another’s after another has signed in', async () => {
    const { made, asked, kept, of } = projects()
    const first = of()
    await turn()
    asked[0]!('mine')
    await first
    kept.clear()
    made.forget('google/work')
    const second = of()
    await turn()
    asked[1]!('theirs')
    expect(await second).toBe('theirs')
  })

  test('that the user names goes before the one that is kept', async () => {
    const env = { GOOGLE_CLOUD_PROJECT: '12345', GOOGLE_CLOUD_PROJECT_ID: 'named' }
    const { asked, kept, of } = projects({ env }, new Map([['google/work', 'kept']]))
    const first = of()
    await turn()
    asked[0]!('') // Google names none
    expect(await first).toBe('named')
    expect(kept.get('google/work')).toBe('kept')
  })

  test('that cannot be kept serves all the same, and is told', async () => {
    const told: string[] = []
    const kept = { read: async () => undefined, write: () => Promise.reject(new Error('no')) }
    const { asked, of } = projects({ kept, notKept: (account) => told.push(account) })
    const first = of()
    await turn()
    asked[0]!('mine')
    expect([await first, told]).toEqual(['mine', ['google/work']])
  })
})
