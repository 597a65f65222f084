import fs from 'node:fs'
import { expect, open, test } from './rig.ts'

test('usage: figures by backend, and the same as CSV', async ({ page, bay }) => {
  for (let count = 0; count < 3; count++) await bay.ask()
  await open(page, bay, 'Usage')
  await expect(page.getByRole('row').filter({ hasText: 'north.large' })).toContainText('3')
  await expect(page.getByRole('img', { name: /^north.large: .* tokens in 3 requests, by hour$/ })).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ])
  const [head, ...lines] = fs
    .readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(head).toContain('hour,target,route,requests,errors')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(',north.large,default,3,0,')
})

test('usage without any request says when there will be some', async ({ page, bay }) => {
  await open(page, bay, 'Usage')
  await expect(page.getByText('Figures come with the first request.', { exact: false })).toBeVisible()
})

test('the network is reached on purpose only, and never without a key', async ({ page, bay }) => {
  await open(page, bay, 'Settings')
  await page.getByLabel('Reachable from').selectOption('this network')
  await expect(page.getByText('not encrypted', { exact: false })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
  await page.getByLabel('Clients must show the key').selectOption('yes')
  await expect(page.getByRole('button', { name: 'Apply' })).toBeEnabled()
  await page.getByRole('button', { name: 'Discard all' }).click()
  await expect(page.getByLabel('Reachable from')).toHaveValue('127.0.0.1')
})

test('the file is edited as text, checked, applied, and an earlier version restored', async ({ page, bay }) => {
  const before = bay.config()
  await open(page, bay, 'Settings')
  await page.getByText('Edit as text').click()
  const text = page.getByLabel('The config as text')
  await text.fill(before.replace('south.small]', 'nobody.small]'))
  await text.blur()
  await expect(
    page.getByText('virtualrouter.routingGroups.home.routing.default[0].targets[1]', { exact: false }).first(),
  ).toBeVisible()
  await text.fill(before.replace('At home', 'By the sea'))
  await text.blur()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(bay.config).toContain('By the sea')

  await page
    .getByRole('button', { name: /^Restore the version of / })
    .first()
    .click()
  const draft = page.getByRole('region', { name: 'Draft' })
  await draft.getByRole('button', { name: 'Show what changes' }).click()
  await expect(draft.getByRole('region', { name: 'What changes in the config file' })).toContainText('At home')
  await draft.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(bay.config).toBe(before)
})

test('theme and language count at once and stay', async ({ page, bay }) => {
  await open(page, bay, 'Settings')
  await page.getByLabel('Theme').selectOption('dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByLabel('Language').selectOption('中文')
  await page.reload()
  await expect(page.getByRole('heading', { name: '客户端密钥' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('client keys: one is made, shown once, seen in use, revoked', async ({ page, bay }) => {
  await open(page, bay, 'Settings')
  const keys = page.getByRole('region', { name: 'Client keys' }).first()
  await keys.getByLabel('A new key for').fill('laptop')
  await keys.getByRole('button', { name: 'Make the key' }).click()
  const key = (await keys.locator('code').textContent())!
  expect(key).toMatch(/^pb-[\w-]{43}$/)
  const row = keys.getByRole('row').filter({ hasText: 'laptop' })
  await expect(row).toContainText('not yet')

  await fetch(`${bay.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Hello.' }] }),
  })
  await open(page, bay, 'Activity')
  await page.getByText('any').first().click()
  await expect(page.getByRole('dialog')).toContainText('laptop')

  await open(page, bay, 'Settings')
  await expect(keys.getByText(key)).toHaveCount(0)
  await expect(row).not.toContainText('not yet')
  await row.getByRole('button', { name: 'Revoke laptop' }).click()
  await row.getByRole('button', { name: 'Turn laptop away from now on' }).click()
  await expect(row).toHaveCount(0)
})

test('the config goes out without secrets and comes in as a draft with its difference', async ({ page, bay }) => {
  await open(page, bay, 'Settings')
  const [exported] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export without secrets' }).click(),
  ])
  const text = fs.readFileSync(await exported.path(), 'utf8')
  expect(text).toContain('env:NORTH_KEY')
  const take = (content: string) =>
    page
      .getByLabel('Import a file…')
      .last()
      .setInputFiles({ name: 'theirs.yaml', mimeType: 'application/yaml', buffer: Buffer.from(content) })
  const draft = page.getByRole('region', { name: 'Draft' })
  await take(text.replace('env:NORTH_KEY', '***'))
  await expect(page.getByText('one value hidden', { exact: false })).toBeVisible()
  await expect(draft.getByRole('button', { name: 'Apply' })).toBeDisabled()
  await take(text.replace('At home', 'By the sea'))
  await draft.getByRole('button', { name: 'Show what changes' }).click()
  await expect(draft.getByRole('region', { name: 'What changes in the config file' })).toContainText('By the sea')
  expect(bay.config()).toContain('At home')
  await draft.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(bay.config).toContain('By the sea')
})

test('diagnostics are one file', async ({ page, bay }) => {
  await bay.ask()
  await open(page, bay, 'Settings')
  await expect(page.getByRole('region', { name: 'Diagnostics as text' })).toContainText('"configText"')
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as a file' }).click(),
  ])
  const told = fs.readFileSync(await saved.path(), 'utf8')
  expect(JSON.parse(told)).toMatchObject({ window: expect.stringContaining('Chrome') })
  expect(told).not.toContain('north-key-0123456789')
})

test('the network is not let in for a while where no key is asked for', async ({ page, bay }) => {
  await open(page, bay, 'Settings')
  await page.getByLabel('Let this network in for a while').selectOption('1 hour')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('Patchbay asks for no client key now.')
})
