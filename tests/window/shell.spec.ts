import { expect, open, test } from './rig.ts'

test.describe('the token', () => {
  test('is taken out of the address and survives a reload', async ({ page, bay }) => {
    await open(page, bay)
    expect(page.url()).not.toContain('token')
    await page.reload()
    await expect(page.getByLabel('Backend', { exact: true })).toBeVisible()
  })

  test('without one the window says what to do', async ({ page, bay }) => {
    await page.goto(new URL(bay.gateway.controlUrl!).origin)
    await expect(page.getByRole('alert')).toContainText('Open the address Patchbay shows when it starts')
  })

  test('one of an earlier start is refused in the same words', async ({ page, bay }) => {
    await page.goto(`${new URL(bay.gateway.controlUrl!).origin}/#token=of-another-start`)
    await expect(page.getByRole('alert')).toContainText('Open the address Patchbay shows when it starts')
    expect(page.url()).not.toContain('token')
  })
})

test('nothing from elsewhere runs in the page', async ({ page, bay }) => {
  await open(page, bay)
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.ran = true'
    document.body.append(script)
    return 'ran' in window
  })
  expect(ran).toBe(false)
})

test('the backend is switched for the next request, and the page and the file say so', async ({ page, bay }) => {
  await open(page, bay)
  expect((await bay.ask()).target).toBe('north.large')
  await page.getByLabel('Backend', { exact: true }).selectOption({ label: 'On the road' })
  await expect.poll(bay.config).toContain('activeGroup: away')
  expect((await bay.ask()).target).toBe('south.small')
  await expect(page.getByRole('list', { name: 'Targets' }).getByRole('button')).toHaveCount(2)
})

test('a gateway that ends is missed, and what is wrong with the config is told', async ({ page, bay }) => {
  await open(page, bay)
  bay.gateway.writeConfig({ version: 1, virtualrouter: { routing: { default: [{ targets: ['nobody.x'] }] } } })
  await expect(page.getByRole('alert')).toContainText('virtualrouter.routing.default[0].targets[0]')
  await bay.gateway.stop()
  await expect(page.getByText('Patchbay does not answer')).toBeVisible()
})

test('the keyboard reaches the page past the navigation', async ({ page, bay }) => {
  await open(page, bay)
  await page.reload()
  await expect(page.getByLabel('Backend', { exact: true })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' })

  test('every page has its words', async ({ page, bay }) => {
    await page.goto(bay.gateway.controlUrl!)
    await expect(page.getByRole('heading', { name: '接线盘' })).toBeVisible()
    for (const name of ['活动', '健康']) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name })).toBeAttached()
    }
    expect(await page.locator('html').getAttribute('lang')).toBe('zh')
  })
})
