import { expect, type Page, test } from '@playwright/test'
import { chatAnswer } from '../helpers/answers.ts'
import { callControl } from '../helpers/call-control.ts'
import { type GatewayProcess, startGateway } from '../helpers/gateway-process.ts'
import { type OAuthServer, startOAuthServer } from '../helpers/oauth-server.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'

/** A gateway before a model that takes only what the login server honours. */
async function rig(flow: 'code' | 'device') {
  const server = await startOAuthServer()
  const model = await startScriptedProvider(async ({ headers }) =>
    (await server.honours(headers.authorization?.replace('Bearer ', '') ?? ''))
      ? chatAnswer({ text: 'hello' })
      : { status: 401, json: { error: { message: 'no' } } },
  )
  const up = { type: 'openai', baseUrl: `${model.url}/v1`, discovery: 'off', models: { m: {} } }
  const provider = { ...up, oauth: { ...server.block, flow }, auth: { type: 'oauth' } }
  const routing = { default: [{ targets: ['up.m'] }] }
  const gateway = await startGateway({
    config: {
      version: 1,
      gateway: { clientAuth: { mode: 'none' } },
      virtualrouter: { providers: { up: provider }, routing },
    },
    control: ['--control-port', '0'],
  })
  return {
    server,
    gateway,
    async [Symbol.asyncDispose]() {
      for (const one of [gateway, model, server]) await one[Symbol.asyncDispose]()
    },
  }
}

async function ask({ url }: GatewayProcess): Promise<number> {
  const body = JSON.stringify({ model: 'up.m', messages: [{ role: 'user', content: 'hello' }] })
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
  await response.text()
  return response.status
}

const account = async (gateway: GatewayProcess) => (await callControl(gateway, 'listAccounts')).answer.accounts[0]!

/** What a person does at the login server, until it lets go of the browser. */
async function signIn(page: Page, { url: server }: OAuthServer, url: string, login: string): Promise<void> {
  await page.context().clearCookies()
  await page.goto(url)
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

// the test server's pages would fetch fonts from elsewhere
test.beforeEach(({ page }) =>
  page.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => route.abort(),
  ),
)

for (const flow of ['code', 'device'] as const) {
  test(`${flow}: sign in, ask, refresh, revoke, sign in again, sign out`, async ({ page }) => {
    await using it = await rig(flow)
    const { gateway, server } = it
    expect(await ask(gateway)).toBe(403)

    const login = async (as: string) => {
      const { answer } = await callControl(gateway, 'beginLogin', { provider: 'up' })
      await signIn(page, server, answer.url, as)
      await expect.poll(async () => (await account(gateway)).label, { timeout: 20_000 }).toBe(`${as}@example.test`)
    }
    await login('ada')
    expect(await ask(gateway)).toBe(200)

    await server.expireTokens()
    expect(await ask(gateway)).toBe(200)
    expect(server.grants.filter((grant) => grant === 'refresh_token')).toHaveLength(1)

    await server.endAll()
    expect(await ask(gateway)).toBe(403)
    expect(await account(gateway)).toMatchObject({ state: 'sign-in-again' })
    await login('grace')
    expect(await ask(gateway)).toBe(200)

    expect((await callControl(gateway, 'logout', { account: 'up/default' })).answer.revoked).toBe(true)
    expect(await ask(gateway)).toBe(403)
  })
}

test('the page of a finished login runs nothing and shows nothing that came back', async ({ page }) => {
  await using it = await rig('code')
  const { answer } = await callControl(it.gateway, 'beginLogin', { provider: 'up' })
  await signIn(page, it.server, answer.url, 'ada')
  await expect(page.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
  const html = await page.content()
  for (const [name, value] of new URL(page.url()).searchParams) {
    if (name !== 'iss') expect(html).not.toContain(value)
  }
  for (const secret of it.server.issued) expect(html).not.toContain(secret)
})
