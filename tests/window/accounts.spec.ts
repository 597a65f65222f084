import { expect, type Page, test } from '@playwright/test'
import { askModel, type LoginRig, passLogin, rigLogin, stayHere } from './login-rig.ts'

test.beforeEach(({ page }) => stayHere(page))

async function openAccounts(page: Page, { gateway }: LoginRig): Promise<void> {
  await page.goto(gateway.controlUrl!)
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Accounts/ })
    .click()
  await expect(page.getByRole('heading', { level: 1, name: 'Accounts' })).toBeAttached()
}

/** Opens the service's page by its link and signs in there, as a person who was not signed in before. */
async function signInThere(page: Page, { server }: LoginRig, login: string): Promise<void> {
  await page.context().clearCookies()
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Open the sign-in page' }).click()
  const tab = await opened
  await passLogin(tab, server, login)
  await tab.close()
}

for (const flow of ['code', 'device'] as const) {
  test(`${flow}: sign in, ask, refresh, revoke, sign in again, sign out`, async ({ page }) => {
    await using it = await rigLogin({ flow })
    const { gateway, server } = it
    await openAccounts(page, it)
    const sheet = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Sign in: up/default' }).click()
    await expect(sheet.getByText('Waiting for you to sign in')).toBeVisible()
    await expect(sheet.getByRole('timer')).toHaveText(/^\d+:\d\d left$/)
    if (flow === 'device') await expect(sheet.getByLabel('Code to type')).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(await askModel(gateway)).toBe(403)
    await signInThere(page, it, 'ada')
    await expect(sheet.getByText('Signed in as ada@example.test.')).toBeVisible({ timeout: 20_000 })
    await page.keyboard.press('Escape')
    await expect(sheet).toBeHidden()
    await expect(page.getByText('ada@example.test')).toBeVisible()
    expect(await askModel(gateway)).toBe(200)

    await server.expireTokens()
    expect(await askModel(gateway)).toBe(200)
    expect(server.grants.filter((grant) => grant === 'refresh_token')).toHaveLength(1)

    await page.getByRole('navigation').getByRole('link', { name: 'Activity', exact: true }).click()
    await server.endAll()
    expect(await askModel(gateway)).toBe(403)
    // said on every page, and leads there
    await expect(page.getByRole('link', { name: /^Accounts/ }).locator('..')).toContainText('1 account needs you')
    await page.getByRole('alert').getByRole('button', { name: 'Sign in again: up/default' }).click()
    await expect(page).toHaveURL(/#\/accounts\/up\/default$/)
    await signInThere(page, it, 'grace')
    await expect(sheet.getByText('Signed in as grace@example.test.')).toBeVisible({ timeout: 20_000 })
    await page.keyboard.press('Escape')
    expect(await askModel(gateway)).toBe(200)

    await page.getByRole('button', { name: 'Sign out: up/default' }).click()
    await expect(sheet.getByText('up[default]')).toBeVisible()
    await expect(sheet.getByText('up.m in route default', { exact: false })).toBeVisible()
    await sheet.getByRole('button', { name: 'Sign out up/default' }).click()
    await expect(sheet.getByText('the service honours it no more', { exact: false })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: 'Sign in: up/default' })).toBeVisible()
    expect(await askModel(gateway)).toBe(403)
  })
}
