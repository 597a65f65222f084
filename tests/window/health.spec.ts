import { expect, open, test } from './rig.ts'

test('a target that rests says why, until when and who said so; try now and reset', async ({ page, bay }) => {
  bay.north.reply({ status: 429, headers: { 'retry-after': '300' }, json: { error: { message: 'slow down' } } })
  await bay.ask()
  await open(page, bay, 'Health')
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'north.large' }) })
  await expect(row).toContainText('cooling')
  await expect(row).toContainText('slow down')
  await expect(row).toContainText(/back in [45]:\d\d/)
  await expect(row).toContainText('said by the retry-after header')

  await row.getByRole('button', { name: 'Reset' }).click()
  await expect(row).toContainText('healthy')
  await row.getByRole('button', { name: 'Try now' }).click()
  await expect(row.getByRole('status')).toContainText('slow down')

  bay.north.reply({
    json: { choices: [{ index: 0, message: { role: 'assistant', content: '.' }, finish_reason: 'stop' }] },
  })
  await row.getByRole('button', { name: 'Try now' }).click()
  await expect(row.getByRole('status')).toContainText('It answered in')
})

test('a credential that was refused is told apart from its target', async ({ page, bay }) => {
  bay.north.reply({ status: 401, json: { error: { message: 'no such key', code: 'invalid_api_key' } } })
  await bay.ask()
  await open(page, bay, 'Health')
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'north[default]' }) })
  await expect(row).toContainText('tripped')
  await expect(row).toContainText('no such key')
  await expect(page.getByRole('navigation')).toContainText('1 in trouble')
})
