import { expect, type Page, test } from '@playwright/test'
import { startGuardedModel } from '../helpers/guarded-model.ts'
import { signInAt, startOAuthServer } from '../helpers/oauth-server.ts'
import { ask, click, labelOf, pageOf, type Seen, type Started, start } from './launch.ts'

const notifications = ({ app }: Started) =>
  app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.notifications.map(({ title }) => title))

/** As the window signs in, and a person in a browser. */
async function signIn(page: Page): Promise<void> {
  const { url } = (await page.evaluate(() => {
    const bridge = globalThis as unknown as { patchbay: { call(name: string, input: object): Promise<unknown> } }
    return bridge.patchbay.call('beginLogin', { provider: 'up' })
  })) as { url: string }
  await (await fetch((await signInAt(url))!)).text()
}

test('a login that ends: a mark and an item in the tray, one notification, and both lead to the sign-in', async () => {
  await using server = await startOAuthServer()
  await using model = await startGuardedModel(server)
  const up = { type: 'openai', baseUrl: `${model.url}/v1`, discovery: 'off', models: { m: {} } }
  const providers = { up: { ...up, oauth: server.block, auth: { type: 'oauth' } } }
  const it = await start(['--port', '0'], {
    virtualrouter: { providers, routing: { default: [{ targets: ['up.m'] }] } },
  })
  try {
    const page = await pageOf(it.app)
    await signIn(page)
    await expect.poll(async () => (await ask(it)).status).toBe(200)
    expect(await labelOf(it.app, 'login:up/default')).toBeUndefined()

    await server.endAll()
    expect((await ask(it)).status).toBe(403)
    await expect.poll(() => labelOf(it.app, 'login:up/default')).toBe('Sign in again: up/default…')
    expect(await labelOf(it.app, 'provider:up')).toContain('▲ sign in again')
    await expect.poll(() => notifications(it)).toEqual(['Sign in again: up/default'])
    await ask(it)

    await click(it.app, 'login:up/default')
    await expect(page).toHaveURL(/#\/accounts\/up\/default$/)
    await expect(page.getByRole('dialog').getByText('Waiting for you to sign in')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page).toHaveURL(/#\/accounts$/)
    await it.app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.notifications[0]!.emit('click'))
    await expect(page).toHaveURL(/#\/accounts\/up\/default$/)

    await signIn(page)
    await expect.poll(() => labelOf(it.app, 'login:up/default')).toBeUndefined()
    expect((await ask(it)).status).toBe(200)
    expect(await notifications(it)).toEqual(['Sign in again: up/default'])
  } finally {
    await it.close()
  }
})
