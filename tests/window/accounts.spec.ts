import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, type Route, test } from '@playwright/test'
import { callControl } from '../helpers/call-control.ts'
import { codeAssistService } from '../helpers/code-assist-service.ts'
import { signInAt } from '../helpers/oauth-server.ts'
import { type Answer, startScriptedProvider } from '../helpers/scripted-provider.ts'
import { askModel, type LoginRig, passLogin, rigLogin, stayHere } from './login-rig.ts'
import { violations } from './rig.ts'

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
    await expect(sheet.getByText('up.m in pool 1 of route default (group default)')).toBeVisible()
    await sheet.getByRole('button', { name: 'Sign out up/default' }).click()
    await expect(sheet.getByText('the service honours it no more', { exact: false })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: 'Sign in: up/default' })).toBeVisible()
    expect(await askModel(gateway)).toBe(403)
  })
}

const restricted = {
  state: 'restricted',
  since: '2026-06-18',
  because: 'Other tools are not welcome.',
  source: 'https://example.test/terms',
}

test('a restricted login waits for consent, given and taken back by the keyboard alone', async ({ page }) => {
  await using it = await rigLogin({ block: { status: restricted } })
  await openAccounts(page, it)
  await page.getByRole('button', { name: 'Sign in: up/default' }).focus()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('Restricted since 2026-06-18. Other tools are not welcome.')).toBeVisible()
  await expect(sheet.getByRole('link', { name: 'Where this is said' })).toHaveAttribute('href', restricted.source)
  const goOn = sheet.getByRole('button', { name: 'Go on' })
  await expect(goOn).toBeDisabled()
  const { answer } = await callControl(it.gateway, 'listAccounts')
  expect(answer.accounts[0]!.login).toBeUndefined()

  await sheet.getByLabel('I have read this and sign in at my own risk.').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await expect(goOn).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(sheet.getByRole('link', { name: 'Open the sign-in page' })).toBeFocused()

  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/#\/accounts$/)
  const last = async () => (await callControl(it.gateway, 'listAccounts')).answer.accounts[0]!.login?.state
  await expect.poll(last).toBe('cancelled')
})

test('a closed login explains itself and leads to what to use instead', async ({ page }) => {
  const status = { state: 'retired', since: '2026-04-15', because: 'It has ended; use an API key.' }
  await using it = await rigLogin({ block: { status } })
  await openAccounts(page, it)
  await expect(
    page.getByText('This login has been closed since 2026-04-15. It has ended; use an API key.'),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: /^Sign in/ })).toBeHidden()
  await page.getByRole('button', { name: 'Open the provider' }).click()
  await expect(page.getByRole('dialog', { name: 'up' })).toBeVisible()
})

test('the address can be pasted where the browser cannot come back; a wrong one says so', async ({ page }) => {
  const taken = http.createServer()
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening))
  const { port } = taken.address() as AddressInfo
  try {
    await using it = await rigLogin({ block: { redirect: { port } } })
    await openAccounts(page, it)
    await page.getByRole('button', { name: 'Sign in: up/default' }).click()
    const sheet = page.getByRole('dialog')
    await expect(sheet.getByText('another program has its port', { exact: false })).toBeVisible()
    const url = await sheet.getByRole('link', { name: 'Open the sign-in page' }).getAttribute('href')
    const address = (await signInAt(url!))!
    const field = sheet.getByLabel('Address the browser shows')
    await field.fill(address.replace(/state=[^&]*/, 'state=another'))
    await page.keyboard.press('Enter')
    await expect(sheet.getByRole('alert')).toContainText('belongs to another login')
    await field.fill(address)
    await page.keyboard.press('Enter')
    await expect(sheet.getByText('Signed in as ada@example.test.')).toBeVisible()
  } finally {
    taken.close()
  }
})

test('a login that is declined, or taken over by another, says so and can begin again', async ({ page }) => {
  await using it = await rigLogin()
  await openAccounts(page, it)
  await page.getByRole('button', { name: 'Sign in: up/default' }).click()
  const sheet = page.getByRole('dialog')
  const link = sheet.getByRole('link', { name: 'Open the sign-in page' })
  const { searchParams } = new URL((await link.getAttribute('href'))!)
  const back = new URL(searchParams.get('redirect_uri')!)
  back.search = String(
    new URLSearchParams({ error: 'access_denied', state: searchParams.get('state')!, iss: it.server.url }),
  )
  await (await fetch(back)).text()
  await expect(sheet.getByRole('alert')).toContainText('Not signed in.')
  await sheet.getByRole('button', { name: 'Begin again' }).click()
  await expect(link).toBeVisible()
  await callControl(it.gateway, 'beginLogin', { provider: 'up' })
  await expect(sheet.getByText('another one took its place', { exact: false })).toBeVisible()
})

test('another account: named, signed in to, and put to use in a draft', async ({ page }) => {
  await using it = await rigLogin()
  await openAccounts(page, it)
  await page.getByRole('button', { name: 'Add an account…' }).click()
  const sheet = page.getByRole('dialog')
  const name = sheet.getByLabel('Name of the account')
  const goOn = sheet.getByRole('button', { name: 'Go on to the sign-in' })
  await name.fill('default')
  await expect(sheet.getByRole('alert')).toHaveText('There is an account of this name already.')
  await name.fill('my.work')
  await expect(sheet.getByRole('alert')).toContainText('Letters, digits')
  await expect(goOn).toBeDisabled()
  await name.fill('work')
  await page.keyboard.press('Enter')
  await expect(sheet.getByRole('heading', { name: 'Sign in: up/work' })).toBeVisible()
  await signInThere(page, it, 'ada')
  await expect(sheet.getByText('No credential of up uses this account yet.')).toBeVisible()
  await sheet.getByRole('button', { name: 'Use it for up, in a draft' }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('up[work]')).toBeVisible()
  expect(await askModel(it.gateway)).toBe(200)

  // the provider says so too, and leads back
  await page.getByRole('navigation').getByRole('link', { name: 'Providers' }).click()
  await expect(page.getByText('An account needs you')).toBeVisible()
  await page.getByRole('link', { name: 'Edit up' }).click()
  await page.getByRole('tab', { name: 'Credentials' }).click()
  await expect(page.getByText('ada@example.test', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Sign in: up/default' }).click()
  await expect(page).toHaveURL(/#\/accounts\/up\/default$/)
})

test('what other programs hold is shown without its worth, and copied on a click', async ({ page }) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-import-'))
  fs.mkdirSync(path.join(home, '.gemini'))
  const file = path.join(home, '.gemini', 'oauth_creds.json')
  const scope = 'https://www.googleapis.com/auth/cloud-platform'
  fs.writeFileSync(file, JSON.stringify({ access_token: 'ya29.canary', refresh_token: '1//canary', scope }))
  try {
    await using it = await rigLogin({ env: { GEMINI_CLI_HOME: home, OPENAI_API_KEY: 'sk-canary-0123456789' } })
    await openAccounts(page, it)
    await page.getByRole('button', { name: 'Import…' }).click()
    const sheet = page.getByRole('dialog')
    await expect(sheet.getByText(file)).toBeVisible()
    await expect(sheet.getByText('Google forbids other tools', { exact: false })).toBeVisible()
    await expect(sheet.getByText('Add a provider with the profile gemini-cli first', { exact: false })).toBeVisible()
    await sheet.getByLabel('Name in the keychain').fill('spare')
    await sheet.getByRole('button', { name: 'Import OPENAI_API_KEY' }).click()
    await expect(sheet.getByText('Write "keychain:spare" in the config.', { exact: false })).toBeVisible()
    expect(await page.content()).not.toContain('canary')
    expect(await violations(page)).toEqual([])
  } finally {
    fs.rmSync(home, { recursive: true })
  }
})

test('what is left to an account stands on its card, where its service reports it; a failure says so', async ({
  page,
}) => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-quota-'))
  fs.mkdirSync(path.join(home, '.gemini'))
  const scope = 'https://www.googleapis.com/auth/cloud-platform'
  const login = { access_token: 'ya29.quota', refresh_token: '1//quota', scope, expiry_date: Date.now() + 3_600_000 }
  fs.writeFileSync(path.join(home, '.gemini', 'oauth_creds.json'), JSON.stringify(login))
  const resetTime = new Date(Date.now() + 5.5 * 3_600_000).toISOString()
  const buckets = [
    { modelId: 'gemini-3-flash', tokenType: 'REQUESTS', remainingAmount: '1200', remainingFraction: 0.8, resetTime },
    { modelId: 'gemini-3-pro-preview', remainingFraction: 0, resetTime },
  ]
  const broken = { status: 500, json: { error: { code: 500, message: 'boom', status: 'INTERNAL' } } }
  const service = (retrieveUserQuota: Answer) => codeAssistService(() => ({ text: 'hi' }), { retrieveUserQuota })
  await using google = await startScriptedProvider(service({ json: { buckets } }))
  try {
    await using it = await rigLogin({
      providers: {
        google: {
          profile: 'gemini-cli',
          baseUrl: google.url,
          auth: { type: 'oauth' },
          oauth: { client: 'installed-gemini-cli' },
          models: { '*': {} },
        },
      },
      env: { GEMINI_CLI_HOME: home },
    })
    const taken = await callControl(it.gateway, 'importCredential', { id: 'gemini-cli', provider: 'google' })
    expect(taken.status).toBe(200)
    expect(await askModel(it.gateway, 'google.gemini-3-flash')).toBe(200)
    expect(google.requests.filter(({ path: at }) => at.includes('Quota'))).toEqual([])
    await openAccounts(page, it)
    const left = page.getByRole('region', { name: 'What is left: google/default' })
    await expect(left.getByRole('listitem')).toHaveText([
      'gemini-3-flash: 1.2 k requests, 80 % leftwhole again in 5 hours',
      'gemini-3-pro-preview: nothing leftwhole again in 5 hours',
    ])
    await expect(page.getByRole('region', { name: /^What is left/ })).toHaveCount(1)
    expect(await violations(page)).toEqual([])
    google.reply(service(broken))
    await left.getByRole('button', { name: 'Ask again what is left: google/default' }).click()
    await expect(left).toContainText('It is not known. google failed')
    google.reply(service({ json: { buckets: [] } }))
    await left.getByRole('button').click()
    await expect(left).toContainText('The service names no limit for this account now.')
    expect(google.requests.filter(({ path: at }) => at.includes('Quota'))).toHaveLength(3)
  } finally {
    fs.rmSync(home, { recursive: true })
  }
})

test('nobody signs in anywhere, the accounts are not known, Patchbay is gone: each is said', async ({ page }) => {
  await using it = await rigLogin({ auth: { type: 'none' } })
  await openAccounts(page, it)
  await expect(page.getByText('Nobody signs in anywhere')).toBeVisible()
  const refused = (route: Route) => route.fulfill({ status: 500, json: { error: { message: 'The list is torn.' } } })
  await page.route('**/api/listAccounts', refused)
  await page.getByRole('link', { name: 'Usage' }).click()
  await page.getByRole('link', { name: 'Accounts' }).click()
  await expect(page.getByRole('alert')).toContainText('The accounts are not known. The list is torn.')
  await page.unroute('**/api/listAccounts', refused)
  await page.getByRole('button', { name: 'Ask again' }).click()
  await expect(page.getByRole('alert')).toBeHidden()
  await it.gateway.stop()
  await expect(page.getByText('Patchbay does not answer.', { exact: false })).toBeVisible()
  await expect(page.getByText('Nobody signs in anywhere')).toBeVisible()
})

test('the first steps offer the login of a service that has one, and use it once somebody is signed in', async ({
  page,
}) => {
  await using it = await rigLogin({ auth: { type: 'apikey', secret: 'keychain:up' } })
  await page.goto(`${it.gateway.controlUrl}#/first-run`)
  await expect(page.getByLabel('Key', { exact: true })).toBeVisible()
  const sheet = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Sign in instead…' }).click()
  await sheet.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByLabel('Key', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Sign in instead…' }).click()
  await signInThere(page, it, 'ada')
  await expect(sheet.getByText('Signed in as ada@example.test.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('Signed in as ada@example.test.')).toBeVisible()
  await expect(page.getByLabel('Key', { exact: true })).toBeHidden()
  expect(await askModel(it.gateway)).toBe(200)
})

const long = 'a-name-of-an-account-that-nobody-could-ever-want-to-type-2026-11-26'
const others = {
  'code-assist': { profile: 'gemini-cli', oauth: { client: 'installed-gemini-cli' }, models: { '*': {} } },
  google: { profile: 'gemini', auth: { type: 'oauth', account: long }, models: { '*': {} } },
  qwen: { profile: 'qwen', auth: { type: 'oauth' }, models: { '*': {} } },
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' }, viewport: { width: 760, height: 520 } })

    test('axe finds nothing on the page nor in its dialogs, and in a small window nothing is cut off', async ({
      page,
    }) => {
      await using it = await rigLogin({ flow: 'device', providers: others })
      await openAccounts(page, it)
      const sheet = page.getByRole('dialog')
      const check = async (what: string) => {
        expect(await violations(page), what).toEqual([])
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(over, what).toBeLessThanOrEqual(0)
        const inPage = await page.locator('#page').evaluate((main) => main.scrollWidth - main.clientWidth)
        expect(inPage, what).toBeLessThanOrEqual(0)
      }
      await expect(page.getByRole('heading', { name: 'Accounts of qwen' })).toBeVisible()
      await check('the page')
      await page.getByRole('button', { name: 'Sign in: code-assist/default' }).click()
      await expect(sheet.getByRole('checkbox')).toBeVisible()
      await check('consent')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Sign in: up/default' }).click()
      await expect(sheet.getByLabel('Code to type')).toBeVisible()
      await check('device')
      await signInThere(page, it, 'ada')
      await expect(sheet.getByText('Signed in as ada@example.test.')).toBeVisible({ timeout: 20_000 })
      await check('signed in')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Sign out: up/default' }).click()
      await check('signing out')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Add an account…' }).click()
      await sheet.getByLabel('Name of the account').fill('no name')
      await check('adding')
    })
  })
}
