import { expect, open, test } from './rig.ts'

test('a context limit edited here sends the next request elsewhere, with the reason on screen', async ({
  page,
  bay,
}) => {
  expect((await bay.ask()).target).toBe('north.large')
  await open(page, bay, 'Routing')
  const result = page.getByRole('region', { name: 'Where it goes' })
  await page.getByLabel('Tokens of the request').fill('20')
  await expect(result.getByRole('status')).toContainText('Route default → north.large')

  const limit = page.getByLabel('Window of north.large, in tokens')
  await limit.fill('3')
  await limit.press('Enter')
  await expect(result.getByRole('status')).toContainText('Route default → south.small')
  await expect(result.getByRole('list', { name: 'In this order' })).toContainText(
    /north\.large.*too small · \d+ % of 3/,
  )
  await expect(result).toContainText('Decided by your draft.')
  expect((await bay.ask()).target).toBe('north.large')

  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('in force for the next request')).toBeVisible()
  await expect(result).toContainText('Decided by the config in force.')
  expect((await bay.ask()).target).toBe('south.small')
  expect(bay.config()).toContain('# north first, it knows more')

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(result.getByRole('status')).toContainText('north.large')
  expect((await bay.ask()).target).toBe('north.large')
})

test('a file that changed underneath is not written over: the draft moves to the new text', async ({ page, bay }) => {
  await open(page, bay, 'Routing')
  const ratio = page.getByLabel('Warn from, as a share of the window')
  await ratio.fill('0.5')
  await ratio.press('Enter')
  const draft = page.getByRole('region', { name: 'Draft' })
  await expect(draft.getByRole('button', { name: 'Apply' })).toBeEnabled()
  bay.gateway.writeConfig(bay.config().replace('At home', 'By the sea'))
  await draft.getByRole('button', { name: 'Apply' }).click()
  await expect(draft).toContainText('The config file changed meanwhile.')
  expect(bay.config()).not.toContain('warnRatio')
  await draft.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(bay.config).toContain('warnRatio: 0.5')
  expect(bay.config()).toContain('By the sea')
})

test('targets are put in another order by keyboard, and by mouse', async ({ page, bay }) => {
  await open(page, bay, 'Routing')
  const targets = page.getByRole('list', { name: 'Targets of Pool 1' }).first()
  const handles = targets.getByRole('button', { name: /^Move / })
  await handles.first().focus()
  await page.keyboard.press('Alt+ArrowDown')
  await expect(targets.getByRole('listitem').first()).toContainText('south.small')
  await expect(handles.nth(1)).toBeFocused()
  await expect(page.getByText('north.large is now 2 of 2.')).toBeAttached()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(bay.config).toContain('[south.small, north.large]'.replaceAll(/[[\]]/g, ''))
  expect(bay.config()).toContain('# north first, it knows more')
  expect((await bay.ask()).target).toBe('south.small')

  await handles.nth(1).dragTo(targets.getByRole('listitem').first())
  await expect(targets.getByRole('listitem').first()).toContainText('north.large')
})

test('a mapping is added, and the tester says by which rule a name goes where', async ({ page, bay }) => {
  await open(page, bay, 'Routing')
  const card = page.getByRole('region', { name: 'Model mapping' })
  await card.getByLabel('A client names').fill('gemini-*')
  await card.getByLabel('Goes to').fill('south.small')
  await card.getByRole('button', { name: 'Add mapping' }).click()
  await card.getByLabel('Try a name').fill('gemini-3.5-flash')
  await expect(card.getByRole('status').last()).toContainText('south.small')
  await expect(card.getByRole('status').last()).toContainText('modelMapping "gemini-*" -> south.small')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('in force for the next request')).toBeVisible()
  expect((await bay.ask('gemini-3.5-flash')).target).toBe('south.small')
})

test('what-if: an image takes the route vision once there is one', async ({ page, bay }) => {
  await open(page, bay, 'Routing')
  await page.getByLabel('Name of the route').fill('vision')
  await page.getByRole('button', { name: 'Add route' }).click()
  const vision = page.getByRole('region', { name: 'Route vision' })
  await vision.getByLabel('Target', { exact: true }).fill('south.small')
  await vision.getByRole('button', { name: 'Add target' }).click()
  await page.getByLabel('With an image').check()
  const result = page.getByRole('region', { name: 'Where it goes' })
  await expect(result.getByRole('status')).toContainText('Route vision → south.small')
  await expect(result).toContainText('the latest user turn carries media')
  await expect(result.getByRole('img', { name: 'The request takes the route vision to south.small.' })).toBeVisible()
})

test('the warn line is dragged, and typed figures are checked', async ({ page, bay }) => {
  await open(page, bay, 'Routing')
  const slider = page.getByLabel('Warn line')
  await slider.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByLabel('Warn from, as a share of the window')).toHaveValue('0.89')
  const threshold = page.getByLabel('Long context from, in tokens')
  await threshold.fill('many')
  await threshold.press('Enter')
  await expect(threshold).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
})
