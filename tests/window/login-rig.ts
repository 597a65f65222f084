import { expect, type Page } from '@playwright/test'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { startGuardedModel } from '../helpers/guarded-model.ts'
import { type OAuthServer, startOAuthServer } from '../helpers/oauth-server.ts'

export interface LoginRig {
  server: OAuthServer
  gateway: GatewayProcess
  [Symbol.asyncDispose](): Promise<void>
}

export interface LoginRigOptions {
  flow?: 'code' | 'device'
  /** More keys of the provider's oauth block. */
  block?: object
  /** More providers. */
  providers?: object
  auth?: object
  env?: Record<string, string>
}

/** A gateway before a model that takes only what the login server honours. */
export async function rigLogin({ flow = 'code', ...more }: LoginRigOptions = {}): Promise<LoginRig> {
  const server = await startOAuthServer()
  const model = await startGuardedModel(server)
  const up = { type: 'openai', baseUrl: `${model.url}/v1`, discovery: 'off', models: { m: {} } }
  const auth = more.auth ?? { type: 'oauth' }
  const providers = { up: { ...up, oauth: { ...server.block, flow, ...more.block }, auth }, ...more.providers }
  const routing = { default: [{ targets: ['up.m'] }] }
  const gateway = await startGateway({
    config: { version: 1, gateway: { clientAuth: { mode: 'none' } }, virtualrouter: { providers, routing } },
    control: ['--control-port', '0'],
    env: more.env,
  })
  return {
    server,
    gateway,
    async [Symbol.asyncDispose]() {
      for (const one of [gateway, model, server]) await one[Symbol.asyncDispose]()
    },
  }
}

/** A request of a client; resolves with its status. */
export async function askModel({ url }: GatewayProcess, model = 'up.m'): Promise<number> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] })
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
  await response.text()
  return response.status
}

/** The test server's pages would fetch fonts from elsewhere. */
export const stayHere = (page: Page): Promise<unknown> =>
  page.context().route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => route.abort(),
  )

/** What a person does at the login server, until it lets go of the browser; `page` shows its first page. */
export async function passLogin(page: Page, { url: server }: OAuthServer, login: string): Promise<void> {
  const name = page.getByPlaceholder('Enter any login')
  const onward = page.getByRole('button', { name: /Continue/i })
  const done = page.getByRole('heading', { name: /You are signed in|Sign-in Success/ })
  for (;;) {
    await expect(name.or(onward).or(done).first()).toBeVisible()
    if (await done.isVisible()) return
    if (await name.isVisible()) {
      await name.fill(login)
      await page.getByPlaceholder('and password').fill('any')
      await page.getByRole('button', { name: 'Sign-in' }).click()
    } else await onward.click()
    if (!page.url().startsWith(server)) return
  }
}
