import { expect, test } from '@playwright/test'
import { callControl } from '../helpers/call-control.ts'
import { passLogin, rigLogin, stayHere } from './login-rig.ts'

test('the page of a finished login runs nothing and shows nothing that came back', async ({ page }) => {
  await stayHere(page)
  await using it = await rigLogin()
  const { answer } = await callControl(it.gateway, 'beginLogin', { provider: 'up' })
  await page.goto(answer.url)
  await passLogin(page, it.server, 'ada')
  await expect(page.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
  const html = await page.content()
  for (const [name, value] of new URL(page.url()).searchParams) {
    if (name !== 'iss') expect(html).not.toContain(value)
  }
  for (const secret of it.server.issued) expect(html).not.toContain(secret)
})
