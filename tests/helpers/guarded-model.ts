import { chatAnswer } from './answers.ts'
import type { OAuthServer } from './oauth-server.ts'
import { type ScriptedProvider, startScriptedProvider } from './scripted-provider.ts'

/** A model that takes only what the login server honours. */
export function startGuardedModel(server: OAuthServer): Promise<ScriptedProvider> {
  return startScriptedProvider(async ({ headers }) =>
    (await server.honours(headers.authorization?.replace('Bearer ', '') ?? ''))
      ? chatAnswer({ text: 'hello' })
      : { status: 401, json: { error: { message: 'no' } } },
  )
}
