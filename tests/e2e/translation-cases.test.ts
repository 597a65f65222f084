import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BackendProtocol, loadCases, type TranslationCase } from '../helpers/cases/case-file.ts'
import type { JsonRecord } from '../helpers/cases/json-record.ts'
import { isStream, runCase } from '../helpers/cases/run-case.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { type ScriptedProvider, startScriptedProvider } from '../helpers/scripted-provider.ts'

/** How a backend of each protocol stands in the config; a protocol without a line is not spoken yet. */
const backends: Partial<Record<BackendProtocol, { type: string; version: string }>> = {
  'gemini-chat': { type: 'gemini', version: 'v1beta' },
  'openai-chat': { type: 'openai', version: 'v1' },
}
const clients = ['gemini', 'gemini-code-assist', 'openai-chat']

const cases = loadCases(path.resolve(import.meta.dirname, '../fixtures/cases'))

function notSpoken(one: TranslationCase): string | undefined {
  if (!clients.includes(one.client_protocol)) return `no ${one.client_protocol} for clients yet`
  return backends[one.backend_protocol] ? undefined : `no ${one.backend_protocol} backends yet`
}

/** One gateway serves all cases with the same backend: protocol, and the model's name there. */
const groups = new Map<string, TranslationCase[]>()
for (const one of cases) {
  const reason = notSpoken(one)
  if (reason) console.log(`${one.file} not run: ${reason}`)
  const name = reason ? 'not run' : `${one.backend_protocol} ${one.backend_model ?? 'as named'}`
  groups.set(name, [...(groups.get(name) ?? []), one])
}

describe.each([...groups].filter(([name]) => name !== 'not run'))('backend %s', (_name, members) => {
  let backend: ScriptedProvider
  let gateway: GatewayProcess

  beforeAll(async () => {
    backend = await startScriptedProvider({ status: 500, text: 'no case is running' })
    gateway = await startGateway({ config: configFor(members[0]!, backend), env: { CASE_KEY: 'case-key' } })
  })
  afterAll(async () => {
    await gateway?.stop()
    await backend?.close()
  })

  for (const one of members) {
    test(one.file, async () => {
      const folded: Record<string, unknown>[] = []
      for (const splitting of isStream(one)
        ? (['as written', 'whole', 'every byte'] as const)
        : ['as written' as const]) {
        const run = await runCase(one, { gateway, backend }, splitting)
        expect(run.problems, `${splitting}: ${one.why}`).toEqual([])
        folded.push(comparable(run.folded))
      }
      for (const other of folded) expect(other).toEqual(folded[0])
    })
  }
})

for (const one of groups.get('not run') ?? []) test.skip(`${one.file} (${notSpoken(one)})`, () => {})

function configFor(one: TranslationCase, backend: ScriptedProvider): unknown {
  const { type, version } = backends[one.backend_protocol]!
  const auth = { type: 'apikey', secret: 'env:CASE_KEY' }
  return {
    version: 1,
    virtualrouter: {
      providers: {
        backend: { type, baseUrl: `${backend.url}/${version}`, auth, models: { '*': {} }, discovery: 'off' },
      },
      modelMapping: { '*': `backend.${one.backend_model ?? '*'}` },
      routing: { default: [{ targets: ['backend.*'] }] },
      // cases are independent of each other: a failure here is no reason to stay away there
      health: { failureThreshold: 1_000_000, cooldownMs: 0, fatalCooldownMs: 0 },
    },
  }
}

/** What must not depend on how the backend's bytes were cut; made-up ids may differ from run to run. */
function comparable({ calls, ...rest }: JsonRecord): Record<string, unknown> {
  const bare = (calls as { id?: unknown }[] | undefined)?.map(({ id: _id, ...call }) => call)
  return { ...rest, calls: bare }
}
