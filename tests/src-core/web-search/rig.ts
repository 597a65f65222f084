import { onTestFinished } from 'vitest'
import type { AnswerOf, InputOf } from '../../../src-core/control/contract.ts'
import { type Script, type ScriptedProvider, startScriptedProvider } from '../../helpers/scripted-provider.ts'
import { type Rig, startControlled } from '../control/rig.ts'

/** A server that ends with its test. */
export async function startService(script: Script): Promise<ScriptedProvider> {
  const service = await startScriptedProvider(script)
  onTestFinished(service.close)
  return service
}

type Searched = AnswerOf<'testSearch'> & { result?: object; failed?: string }

export interface SearchRig extends Rig {
  /** A search as the window makes it; what is no answer fails the test. */
  search(input: InputOf<'testSearch'>): Promise<Searched>
}

const keys = { GLM: 'glm-key-1234', GOOGLE: 'google-key-1234', CHAT: 'chat-key-1234', SEARCH: 'search-key-1234' }

/** A gateway whose engines are these, each service answering at `url`. */
export async function startSearching(
  url: string,
  webSearch: object,
  more: { routing?: object; providers?: object; env?: Record<string, string> } = {},
): Promise<SearchRig> {
  const provider = (own: object) => ({ discovery: 'off', models: { '*': {} }, ...own })
  const rig = await startControlled(
    {
      virtualrouter: {
        providers: {
          demo: { profile: 'demo' },
          glm: provider({ profile: 'glm', baseUrl: `${url}/api/paas/v4`, auth: { type: 'apikey', secret: 'env:GLM' } }),
          google: provider({
            profile: 'gemini',
            baseUrl: `${url}/v1beta`,
            auth: { type: 'apikey', secret: 'env:GOOGLE' },
          }),
          openai: provider({ profile: 'openai', baseUrl: `${url}/v1`, auth: { type: 'apikey', secret: 'env:CHAT' } }),
          ...more.providers,
        },
        routing: { default: [{ targets: ['demo.*'] }], ...more.routing },
        webSearch,
      },
    },
    { ...keys, ...more.env },
  )
  return {
    ...rig,
    async search(input) {
      const { status, answer, text } = await rig.call('testSearch', input)
      if (status !== 200) throw new Error(`testSearch was refused: ${text}`)
      return answer
    },
  }
}
